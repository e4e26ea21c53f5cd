// Compares shards in Redis with what is kept in the database, each at its own watermark: what the snapshot has below its
// horizon, plus the deltas from there to where the shard is, or minus those between, if it is not there yet.

import type pg from 'pg'
import { unavailable } from '../../../base/problem.ts'
import { type Redis, UNHURRIED_MS } from '../../redis/redis.ts'
import type { CounterKind } from '../kinds.ts'
import type { CountRow, Snapshot } from '../snapshot.ts'
import { discardIfCorrupt, isMetaField } from './corrupt.ts'
import { isBefore, isCount, isWatermark, parseHash, shardKey } from './keys.ts'
import { type Builder, createBuilder, FIELDS_MOST } from './rebuild.ts'
import { DISCARD, REPAIR } from './scripts.ts'

export interface StoreDrift {
  compare(group: { shard: number; rows: CountRow[] }[]): Promise<void>
  end(): Promise<void>
  found(): { drift: number; unusable: number; repaired: number }
}

interface Live {
  shard: number
  at: string
  repairs: string
  fields: Map<string, string>
  rows: CountRow[]
}

export function compareShards({
  pool,
  redis,
  snapshot,
  kind,
  repair,
}: {
  pool: pg.Pool
  redis: Redis
  snapshot: Snapshot
  kind: CounterKind
  repair: boolean
}): StoreDrift {
  const { watermark, incarnation: epoch } = snapshot
  const builder: Builder = createBuilder(redis, { kind, epoch, watermark })
  const instance = redis.instance()
  let drift = 0
  let unusable = 0
  let repaired = 0

  /** The shards of a group that can be compared; the others are made anew. */
  async function read(group: { shard: number; rows: CountRow[] }[]): Promise<Live[]> {
    const answers = await redis.pipeline(
      group.map(({ shard }) => ['HGETALL', shardKey(kind, shard)]),
      UNHURRIED_MS,
    )
    const live: Live[] = []
    for (const [i, { shard, rows }] of group.entries()) {
      const fields = answers[i] instanceof Error ? new Map<string, string>() : parseHash(answers[i])
      const at = fields.get('_w')
      const repairs = fields.get('_r') ?? '0'
      const usable = fields.get('_e') === epoch && isWatermark(at) && !isBefore(at, snapshot.floor) && isCount(repairs)
      const whole = [...fields].every(([name, value]) => isMetaField(name) || isCount(value))
      if (usable && whole) live.push({ shard, at, repairs, fields, rows })
      else {
        unusable++
        if (!repair) continue
        const key = shardKey(kind, shard)
        if (!whole || answers[i] instanceof Error) await discardIfCorrupt(redis, key)
        else if (fields.get('_e') === epoch && isWatermark(at)) await redis.run(DISCARD, { keys: [key], args: [epoch, at] }, UNHURRIED_MS)
        await builder.add(shard, rows)
      }
    }
    return live
  }

  /** By how much each count is wrong. */
  function wrongIn({ fields, rows }: Live, between: Map<string, string>): [string, bigint][] {
    const wanted = new Map(rows.map(row => [row.key, BigInt(row.below)]))
    for (const [key, d] of between) wanted.set(key, (wanted.get(key) ?? 0n) + BigInt(d))
    for (const name of fields.keys()) if (!isMetaField(name) && !wanted.has(name)) wanted.set(name, 0n)
    return [...wanted].map(([key, value]): [string, bigint] => [key, value - BigInt(fields.get(key) ?? 0)]).filter(([, off]) => off !== 0n)
  }

  async function correct({ shard, at, repairs }: Live, wrong: [string, bigint][]): Promise<void> {
    for (let i = 0; i < wrong.length; i += FIELDS_MOST) {
      const some = wrong.slice(i, i + FIELDS_MOST).flatMap(([key, off]) => [key, String(off)])
      const args = [epoch, at, String(Number(repairs) + i / FIELDS_MOST), ...some]
      // Another start of Redis may have it as it was before it was wrong.
      if (redis.instance() !== instance) return
      const outcome = await redis.run<string>(REPAIR, { keys: [shardKey(kind, shard)], args }, UNHURRIED_MS)
      if (outcome !== 'ok') return // somebody else is at it: the next comparison tells
    }
    repaired++
  }

  return {
    async compare(group) {
      if (group.length === 0) return
      const live = await read(group)
      const between = await deltasBetween(pool, kind, watermark, live)
      for (const one of live) {
        const wrong = wrongIn(one, between.get(one.shard) ?? new Map())
        for (const [, off] of wrong) drift += Math.abs(Number(off))
        if (repair && wrong.length > 0) await correct(one, wrong)
      }
    },
    async end() {
      repaired += (await builder.end()).length
    },
    found: () => ({ drift, unusable, repaired }),
  }
}

/** For each shard what happened between the snapshot's watermark and its own: added where it is ahead, taken off where it is not there yet. */
async function deltasBetween(pool: pg.Pool, kind: CounterKind, watermark: string, live: Live[]): Promise<Map<number, Map<string, string>>> {
  const found = new Map<number, Map<string, string>>()
  const apart = live.filter(one => one.at !== watermark)
  if (apart.length === 0) return found
  const ahead = (one: Live) => isBefore(watermark, one.at)
  const { rows } = await pool.query<{ shard: number; key: string; d: string; floor: string }>(
    `select log_floor.xid as floor, sums.* from log_floor left join (
       select place.shard, delta.key::text, sum(case when delta.xid >= $2::xid8 then d else -d end)::text as d
         from counter_delta delta
         join unnest($3::int[], $4::xid8[], $5::xid8[]) place (shard, low, high)
           on place.shard = counter_shard(delta.key) and delta.xid >= place.low and delta.xid < place.high
        where delta.kind = $1 and delta.xid >= $6::xid8
        group by place.shard, delta.key
     ) sums on true where log_floor.log = 'counter_delta'`,
    [
      kind,
      watermark,
      apart.map(one => one.shard),
      apart.map(one => (ahead(one) ? watermark : one.at)),
      apart.map(one => (ahead(one) ? one.at : watermark)),
      apart.reduce((low, one) => (isBefore(one.at, low) ? one.at : low), watermark),
    ],
  )
  const floor = rows[0]?.floor ?? '0'
  const gone = apart.find(one => isBefore(one.at, floor) || isBefore(watermark, floor))
  if (gone) throw unavailable('Deltas were folded meanwhile that the comparison needs: try again later.')
  for (const { shard, key, d } of rows) {
    if (key === null) continue
    const deltas = found.get(shard) ?? new Map<string, string>()
    deltas.set(key, d)
    found.set(shard, deltas)
  }
  return found
}
