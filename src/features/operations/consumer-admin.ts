// What administrators can do with durable consumers: see how far they are, and what they set aside, and have it retried.

import { notFound } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { listConsumers, listSetAside, requestRetry } from '../../engines/log/consumers.sql.ts'
import { toConsumerView, toSetAsideView } from '../../engines/log/views.ts'

export type ConsumerAdmin = ReturnType<typeof createConsumerAdmin>

export function createConsumerAdmin(db: Db) {
  const list = async () => (await listConsumers(db)).map(toConsumerView)
  return {
    list,
    async listSetAside(consumer: string, limit: number) {
      if (!(await list()).some(({ name }) => name === consumer)) throw notFound(`There is no consumer ${consumer}.`)
      return (await listSetAside(db, { consumer, limit })).map(toSetAsideView)
    },
    async retry(consumer: string, id: bigint) {
      const [found] = await listSetAside(db, { consumer, id, limit: 1 })
      if (!found || (await requestRetry(db, { consumer, id })) === 0) throw notFound(`${consumer} has not set aside a change ${id}.`)
      return toSetAsideView(found)
    },
  }
}
