// Makes shards anew from PostgreSQL, beside those that are there: in pieces, under names that expire by themselves, and
// put in their place at one moment, and only if what stands there is still of no use. Making one takes seconds, and so old
// it is when it is put there: it says of itself that it is new until the applier has brought it to where the others are.

import { randomInt, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { MINUTE } from '../../../base/clock.ts'
import { atomically, refuseErrors } from '../../redis/commands.ts'
import { type Command, PREFIX, type Redis, UNHURRIED_MS } from '../../redis/redis.ts'
import { type CounterKind } from '../kinds.ts'
import { type CountRow, groupByShard, streamCounts, withSnapshot } from '../snapshot.ts'
import { shardKey } from './keys.ts'
import { SWAP } from './scripts.ts'

/** Fields in one write: half a millisecond of Redis's time, in which it hears nobody else. */
export const FIELDS_MOST = 500
const SHARDS_MOST = 64
const REPAIRS_MOST = 2 ** 46 // repairs count on from a number of chance: what was wrong in the shard before is not put right in this one
const LEFT_MS = MINUTE // a shard is made within a second; by then whoever was making it is gone

export interface Rebuilt {
  shard: number
  /** What the shard that is there now contains, be it ours or somebody else's. */
  watermark: string
}

export async function rebuildShards(
  pool: pg.Pool,
  redis: Redis,
  { kind, shards, signal }: { kind: CounterKind; shards: number[]; signal?: AbortSignal },
): Promise<Rebuilt[]> {
  const client = await pool.connect()
  let failed: Error | undefined
  try {
    return await withSnapshot(client, async snapshot => {
      if (!snapshot.deltasComplete) throw new Error('deltas were folded beyond the oldest writer: it is tried again')
      const builder = createBuilder(redis, { kind, epoch: snapshot.incarnation, watermark: snapshot.watermark })
      for await (const { shard, rows } of groupByShard(streamCounts(snapshot, kind, shards.length < 256 ? { shards } : {}), shards)) {
        signal?.throwIfAborted()
        await builder.add(shard, rows)
      }
      return builder.end()
    })
  } catch (err) {
    failed = err as Error
    throw err
  } finally {
    client.release(failed !== undefined) // in doubt it is closed: whatever was under way on it ends with it
  }
}

export interface Builder {
  add(shard: number, rows: CountRow[]): Promise<void>
  end(): Promise<Rebuilt[]>
}

export function createBuilder(redis: Redis, { kind, epoch, watermark }: { kind: CounterKind; epoch: string; watermark: string }): Builder {
  const attempt = randomUUID()
  const rebuilt: Rebuilt[] = []
  let commands: Command[] = []
  let fields = 0
  let whole: number[] = []

  /** Whatever is taken away meanwhile, be it all there is: what is written then goes by itself. */
  const put = (key: string, fields: string[]) =>
    commands.push(
      ...atomically([
        ['HSET', key, ...fields],
        ['PEXPIRE', key, String(LEFT_MS)],
      ]),
    )

  const newKey = (shard: number) => `${PREFIX}{count:${kind}:${shard}}:new:${attempt}`

  async function write(): Promise<void> {
    if (commands.length > 0) refuseErrors(await redis.pipeline(commands, UNHURRIED_MS))
    commands = []
    fields = 0
    const calls = whole.map(shard => ({ keys: [shardKey(kind, shard), newKey(shard)], args: [epoch, watermark] }))
    const outcomes = calls.length > 0 ? refuseErrors(await redis.runAll<string>(SWAP, calls, UNHURRIED_MS)) : []
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome === 'lost') throw new Error('a shard was lost while it was made')
      rebuilt.push({ shard: whole[i] as number, watermark: outcome === 'ok' ? watermark : outcome })
    }
    whole = []
  }

  return {
    async add(shard, rows) {
      const key = newKey(shard)
      put(key, ['_e', epoch, '_w', watermark, '_n', '1', '_r', String(randomInt(REPAIRS_MOST))])
      const counted = rows.filter(row => row.below !== '0')
      for (let i = 0; i < counted.length; ) {
        if (fields >= FIELDS_MOST) await write()
        const some = counted.slice(i, i + FIELDS_MOST - fields)
        put(
          key,
          some.flatMap(row => [row.key, row.below]),
        )
        fields += some.length
        i += some.length
      }
      whole.push(shard)
      if (whole.length >= SHARDS_MOST || fields >= FIELDS_MOST) await write()
    },
    async end() {
      await write()
      return rebuilt
    },
  }
}
