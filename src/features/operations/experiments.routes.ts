// Experiments, for administrators: list, start, let grow, stop.

import { Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import { operatorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Int, Optional, Text } from '../../http/wire.ts'
import { EXPERIMENT_LIMITS, POLICY_VERSION_MAX } from '../../recommend/contract.ts'
import type { Experiments } from '../../recommend/experiments/experiments.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { ExperimentItem } from './experiments.schema.ts'

const READ = { access: 'admin', permission: 'recommender-get' } as const
const WRITE = { access: 'admin', permission: 'recommender-put', refuses: ['invalid', 'not-found'] } as const
const { nameMax, reasonMax, shareMin, shareMax } = EXPERIMENT_LIMITS
const Share = Type.Number({ minimum: shareMin, maximum: shareMax })
const StartBody = Type.Object({ name: Text(1, nameMax), policy: Int(0, POLICY_VERSION_MAX), share: Share })
const ChangeBody = Type.Object({
  /** Of all viewers: it only grows. */
  share: Optional(Share),
  ended: Optional(Bool()),
  reason: Optional(Text(0, reasonMax)),
})

export const experimentRoutes =
  (experiments: Experiments, change: OperationLog['change']): Routes =>
  async server => {
    server.get('/experiments', { config: READ, schema: { response: { 200: Envelope(Type.Array(ExperimentItem)) } } }, async () => ({
      message: 'OK' as const,
      data: await experiments.list(),
    }))

    server.post(
      '/experiments',
      { config: WRITE, schema: { body: StartBody, response: { 201: Envelope(ExperimentItem) } } },
      async (request, reply) => {
        const data = await change(operatorOf(request), async (tx, note) => {
          const started = await experiments.start(tx, request.body)
          note({ operation: 'start experiment', description: started.name, after: request.body })
          return started
        })
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.patch(
      '/experiments/running',
      { config: WRITE, schema: { body: ChangeBody, response: { 200: Envelope(ExperimentItem) } } },
      async request => {
        const { share, ended, reason } = request.body
        if ((share === undefined) === (ended !== true)) throw invalid('either share or ended is required')
        const data = await change(operatorOf(request), async (tx, note) => {
          const changed = share === undefined ? await experiments.stop(tx, reason) : await experiments.grow(tx, share)
          const operation = share === undefined ? 'stop experiment' : 'change share of experiment'
          note({ operation, description: changed.name, after: request.body })
          return changed
        })
        return { message: 'OK' as const, data }
      },
    )
  }
