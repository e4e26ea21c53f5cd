// Counters, for administrators: list their state, rebuild a kind, explain one counter.

import { Type } from 'typebox'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import type { CounterAdmin } from './counter-admin.ts'
import { CounterExplanation, CounterStatus, ReconcileResult } from './counters.schema.ts'

const READ = { access: 'admin', permission: 'counter-list-get' } as const
const WRITE = { access: 'admin', permission: 'counter-list-put' } as const
const Kind = Type.String({ minLength: 1, maxLength: 100 })
const KindParams = Type.Object({ kind: Kind })
const CounterParams = Type.Object({ kind: Kind, id: Id<bigint>() })

export const counterRoutes =
  (counters: CounterAdmin): Routes =>
  async server => {
    server.get('/counters', { config: READ, schema: { response: { 200: Envelope(Type.Array(CounterStatus)) } } }, async () => ({
      message: 'OK' as const,
      data: await counters.list(),
    }))

    server.post(
      '/counters/:kind/rebuild',
      { config: WRITE, schema: { params: KindParams, response: { 201: Envelope(ReconcileResult) } } },
      async ({ params }, reply) => reply.code(201).send({ message: 'OK', data: await counters.reconcile(params.kind) }),
    )

    server.get(
      '/counters/:kind/:id',
      { config: READ, schema: { params: CounterParams, response: { 200: Envelope(CounterExplanation) } } },
      async ({ params }) => ({ message: 'OK' as const, data: await counters.explain(params.kind, params.id) }),
    )
  }
