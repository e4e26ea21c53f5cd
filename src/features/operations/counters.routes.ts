import { Type } from 'typebox'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Id } from '../../http/wire.ts'
import type { CounterAdmin } from './counter-admin.ts'

const ADMIN = { access: 'admin' } as const
const Named = Type.Object({ kind: Type.String({ minLength: 1, maxLength: 100 }) })
const One = Type.Object({ kind: Type.String({ minLength: 1, maxLength: 100 }), id: Id<bigint>() })

const State = Type.Object({
  kind: Type.String(),
  lag_seconds: Type.Union([Type.Number(), Type.Null()]),
  last_drift: Type.Union([Type.Integer(), Type.Null()]),
  last_reconcile_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
})
const Comparison = Type.Object({
  kind: Type.String(),
  checked: Count(),
  drift: Count(),
  rows_drift: Count(),
  store_drift: Count(),
  unusable: Count(),
  repaired: Count(),
  watermark: Type.String(),
  seconds: Type.Number(),
})
const Explanation = Type.Object({ truth: Type.Integer(), store: Type.Integer(), pending: Type.Integer(), engine: Type.String() })

export const counterRoutes =
  (counters: CounterAdmin): Routes =>
  async server => {
    server.get('/counters', { config: ADMIN, schema: { response: { 200: Envelope(Type.Array(State)) } } }, async () => ({
      message: 'OK' as const,
      data: await counters.list(),
    }))

    server.post(
      '/counters/:kind/rebuild',
      { config: ADMIN, schema: { params: Named, response: { 201: Envelope(Comparison) } } },
      async ({ params }, reply) => reply.code(201).send({ message: 'OK', data: await counters.rebuild(params.kind) }),
    )

    server.get(
      '/counters/:kind/:id',
      { config: ADMIN, schema: { params: One, response: { 200: Envelope(Explanation) } } },
      async ({ params }) => ({
        message: 'OK' as const,
        data: await counters.explain(params.kind, params.id),
      }),
    )
  }
