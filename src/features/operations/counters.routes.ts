// Counters, for administrators: list their state, rebuild a kind, explain one counter.

import { Type } from 'typebox'
import { operatorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int, Optional, Text } from '../../http/wire.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { CounterAdmin } from './counter-admin.ts'
import { CounterExplanation, CounterStatus, PastDrift, ReconcileResult } from './counters.schema.ts'

const READ = { access: 'admin', permission: 'counter-list-get', refuses: ['not-found'] } as const
const WRITE = { access: 'admin', permission: 'counter-list-put' } as const
const Kind = Text(1, 100)
const DAYS_DEFAULT = 30
const DAYS_MAX = 400 // as long as they are kept
const HistoryQuery = Type.Object({ days: Optional(Int(1, DAYS_MAX)), kind: Optional(Kind) })
const KindParams = Type.Object({ kind: Kind })
const CounterParams = Type.Object({ kind: Kind, id: Id<bigint>() })

export const counterRoutes =
  (counters: CounterAdmin, record: OperationLog['record']): Routes =>
  async server => {
    server.get('/counters', { config: READ, schema: { response: { 200: Envelope(Type.Array(CounterStatus)) } } }, async () => ({
      message: 'OK' as const,
      data: await counters.list(),
    }))

    server.get(
      '/counters/history',
      { config: READ, schema: { querystring: HistoryQuery, response: { 200: Envelope(Type.Array(PastDrift)) } } },
      async ({ query: { days = DAYS_DEFAULT, kind } }) => ({
        message: 'OK' as const,
        data: await counters.history({ days, kind }),
      }),
    )

    server.post(
      '/counters/:kind/rebuild',
      { config: WRITE, schema: { params: KindParams, response: { 201: Envelope(ReconcileResult) } } },
      async (request, reply) => {
        const data = await counters.reconcile(request.params.kind)
        await record(operatorOf(request), { operation: 'rebuild counts', description: request.params.kind, after: data })
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.get(
      '/counters/:kind/:id',
      { config: READ, schema: { params: CounterParams, response: { 200: Envelope(CounterExplanation) } } },
      async ({ params }) => ({ message: 'OK' as const, data: await counters.explain(params.kind, params.id) }),
    )
  }
