// Durable consumers, for administrators: list them, see what they set aside, have it retried.

import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int, Optional, Text } from '../../http/wire.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { ConsumerAdmin } from './consumer-admin.ts'
import { ConsumerView, SetAsideView } from './consumers.schema.ts'

const READ = { access: 'admin', permission: 'consumer-list-get' } as const
const WRITE = { access: 'admin', permission: 'consumer-list-put' } as const
const Name = Text(1, 100)
const ConsumerParams = Type.Object({ name: Name })
const ChangeParams = Type.Object({ name: Name, id: Id<bigint>() })
const ListQuery = Type.Object({ limit: Optional(Int(1, 1_000)) })

const LIST_DEFAULT = 50

export const consumerRoutes =
  (consumers: ConsumerAdmin, record: OperationLog['record']): Routes =>
  async server => {
    server.get('/consumers', { config: READ, schema: { response: { 200: Envelope(Type.Array(ConsumerView)) } } }, async () => ({
      message: 'OK' as const,
      data: await consumers.list(),
    }))

    server.get(
      '/consumers/:name/set-aside',
      { config: READ, schema: { params: ConsumerParams, querystring: ListQuery, response: { 200: Envelope(Type.Array(SetAsideView)) } } },
      async ({ params, query }) => ({
        message: 'OK' as const,
        data: await consumers.listSetAside(params.name, query.limit ?? LIST_DEFAULT),
      }),
    )

    // 202: a worker tries again within moments.
    server.post(
      '/consumers/:name/set-aside/:id/retry',
      { config: WRITE, schema: { params: ChangeParams, response: { 202: Envelope(SetAsideView) } } },
      async (request, reply) => {
        const { name, id } = request.params
        const data = await consumers.retry(name, id)
        await record(operatorOf(request), { operation: 'retry change', description: `${name} ${id}` })
        return reply.code(202).send({ message: 'OK', data })
      },
    )
  }
