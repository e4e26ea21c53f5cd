import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'

export const CounterStatus = Type.Object({
  kind: Type.String(),
  lag_seconds: Type.Union([Type.Number(), Type.Null()]),
  last_drift: Type.Union([Type.Integer(), Type.Null()]),
  last_reconcile_at: Type.Union([Type.String({ format: 'date-time' }), Type.Null()]),
})

/** What comparing the counters of a kind with the rows found and corrected. */
export const ReconcileResult = Type.Object({
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

/** A comparison of the past: how wrong the counts of a kind were before they were corrected. */
export const PastDrift = Type.Object({
  kind: Type.String(),
  at: Type.String({ format: 'date-time' }),
  checked: Count(),
  drift: Count(),
  rows_drift: Count(),
  store_drift: Count(),
  repaired: Count(),
})

/** One counter: counted from the rows, as stored, and the deltas not applied yet. */
export const CounterExplanation = Type.Object({
  truth: Type.Integer(),
  store: Type.Integer(),
  pending: Type.Integer(),
  engine: Type.String(),
})
