// Rebuilds shards from PostgreSQL. A new shard is written in pieces under a key that expires, and swapped in at once, unless
// there is a usable shard by then. It is marked as new, for its snapshot is seconds old: the applier catches it up before it
// is read.

import { randomInt, randomUUID } from 'node:crypto'
import type pg from 'pg'
import { MINUTE } from '../../../base/clock.ts'
import { inTransaction, throwIfAnyFailed } from '../../redis/commands.ts'
import { BACKGROUND_TIMEOUT_MS, type Command, type Redis } from '../../redis/redis.ts'
import type { CounterKind } from '../kinds.ts'
import { type CountRow, groupByShard, streamCounts, withSnapshot } from '../snapshot.ts'
import { newShardKey, SHARDS, shardKey } from './keys.ts'
import { SWAP } from './scripts.ts'

/** Half a millisecond of Redis's time, in which it answers no other client. */
export const FIELDS_PER_WRITE = 500
const SHARDS_PER_SWAP = 64
const FIRST_CORRECTION_MAX = 2 ** 46 // random, so that a correction meant for the replaced shard does not fit this one
const EXPIRES_MS = MINUTE // a shard is built within a second; after a minute its builder is gone

export interface RebuiltShard {
  shard: number
  /** Of the shard that is in place now, whichever process built it. */
  watermark: string
}

export async function rebuildShards(
  pool: pg.Pool,
  redis: Redis,
  { kind, shards, signal }: { kind: CounterKind; shards: number[]; signal?: AbortSignal },
): Promise<RebuiltShard[]> {
  const client = await pool.connect()
  let failed: Error | undefined
  try {
    return await withSnapshot(client, async snapshot => {
      if (!snapshot.deltasComplete) throw new Error('deltas were folded beyond the oldest writer: it is tried again')
      const builder = createShardBuilder(redis, { kind, incarnation: snapshot.incarnation, watermark: snapshot.watermark })
      const pages = streamCounts(snapshot, kind, shards.length < SHARDS ? { shards } : {})
      for await (const { shard, rows } of groupByShard(pages, shards)) {
        signal?.throwIfAborted()
        await builder.add(shard, rows)
      }
      return builder.finish()
    })
  } catch (err) {
    failed = err as Error
    throw err
  } finally {
    client.release(failed !== undefined) // a failed connection is closed, which ends its transaction
  }
}

export interface ShardBuilder {
  add(shard: number, rows: CountRow[]): Promise<void>
  finish(): Promise<RebuiltShard[]>
}

export function createShardBuilder(
  redis: Redis,
  { kind, incarnation, watermark }: { kind: CounterKind; incarnation: string; watermark: string },
): ShardBuilder {
  const attempt = randomUUID()
  const rebuilt: RebuiltShard[] = []
  let commands: Command[] = []
  let fieldCount = 0
  let complete: number[] = []

  /** Each write sets the expiry: after a FLUSHALL in between, the key would otherwise stay for ever. */
  function put(key: string, fields: string[]): void {
    commands.push(
      ...inTransaction([
        ['HSET', key, ...fields],
        ['PEXPIRE', key, String(EXPIRES_MS)],
      ]),
    )
  }

  async function flush(): Promise<void> {
    if (commands.length > 0) throwIfAnyFailed(await redis.pipeline(commands, BACKGROUND_TIMEOUT_MS))
    commands = []
    fieldCount = 0
    await swapIn()
  }

  async function swapIn(): Promise<void> {
    if (complete.length === 0) return
    const calls = complete.map(shard => ({
      keys: [shardKey(kind, shard), newShardKey(kind, shard, attempt)],
      args: [incarnation, watermark],
    }))
    const outcomes = throwIfAnyFailed(await redis.runAll<string>(SWAP, calls, BACKGROUND_TIMEOUT_MS))
    for (const [i, outcome] of outcomes.entries()) {
      if (outcome === 'lost') throw new Error('a shard was lost while it was rebuilt')
      rebuilt.push({ shard: complete[i] as number, watermark: outcome === 'ok' ? watermark : outcome })
    }
    complete = []
  }

  return {
    async add(shard, rows) {
      const key = newShardKey(kind, shard, attempt)
      put(key, ['_e', incarnation, '_w', watermark, '_n', '1', '_r', String(randomInt(FIRST_CORRECTION_MAX))])
      const counts = rows.filter(row => row.value !== '0')
      for (let i = 0; i < counts.length; ) {
        if (fieldCount >= FIELDS_PER_WRITE) await flush()
        const some = counts.slice(i, i + FIELDS_PER_WRITE - fieldCount)
        const fields = some.flatMap(row => [row.key, row.value])
        put(key, fields)
        fieldCount += some.length
        i += some.length
      }
      complete.push(shard)
      if (complete.length >= SHARDS_PER_SWAP || fieldCount >= FIELDS_PER_WRITE) await flush()
    },
    async finish() {
      await flush()
      return rebuilt
    },
  }
}
