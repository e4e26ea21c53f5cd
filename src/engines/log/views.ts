// Durable consumers and what they set aside, as the admin API and the CLI show them. Field names are part of the wire contract.

import type { ConsumerState, SetAsideState } from './consumers.sql.ts'

export function toConsumerView({ name, log, offset, running, building, behind, lagSeconds, retrying, setAside, seenAt }: ConsumerState) {
  return {
    name,
    log,
    running,
    building,
    offset,
    behind,
    lag_seconds: Math.round(lagSeconds * 1_000) / 1_000,
    retrying,
    set_aside: setAside,
    seen_at: seenAt.toISOString(),
  }
}

export function toSetAsideView({ id, consumer, log, row, reason, attempts, since, triedAt, nextAt }: SetAsideState) {
  const change = Object.entries(row)
    .filter(([field]) => field !== 'xid' && field !== 'seq')
    .map(([field, value]) => [field, typeof value === 'bigint' ? String(value) : value])
  return {
    id: String(id),
    consumer,
    log,
    change: Object.fromEntries(change),
    reason,
    attempts,
    since: since.toISOString(),
    tried_at: triedAt.toISOString(),
    next_at: nextAt?.toISOString() ?? null,
  }
}
