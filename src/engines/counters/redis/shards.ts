// What the applier knows of each shard in Redis, and how it finds out: all watermarks are read, and what is unusable is
// discarded. All shards share a common watermark, except those that lag.

import type { Db } from '../../database/database.ts'
import { throwIfAnyFailed } from '../../redis/commands.ts'
import { BACKGROUND_TIMEOUT_MS, type Redis } from '../../redis/redis.ts'
import { COUNTER_KINDS, type CounterKind } from '../kinds.ts'
import { type LaggingShard, type LogBounds, readLogBounds } from './deltas.sql.ts'
import { allShardIds, SHARDS, type ShardId, shardKey } from './keys.ts'
import { DISCARD } from './scripts.ts'
import { isBefore, isWatermark } from './values.ts'

export interface Shard extends ShardId {
  /** Undefined while the shard is unusable and being rebuilt. */
  watermark: string | undefined
  /** Set while the shard is not at the common watermark, but before or after it: its deltas are read from here on. */
  laggingFrom: string | undefined
  /** Whether it may be marked as rebuilt but not caught up. Readers skip such a shard until an update removes the mark. */
  isNew: boolean
}

export interface UnusableShard {
  shard: Shard
  reason: string
}

/** In the order of allShardIds(). */
export const createShards = (): Shard[] => allShardIds().map(id => ({ ...id, watermark: undefined, laggingFrom: undefined, isNew: false }))

export const shardIn = (shards: Shard[], kind: CounterKind, shard: number) => shards[COUNTER_KINDS.indexOf(kind) * SHARDS + shard] as Shard

export const laggingShards = (shards: Shard[]): LaggingShard[] =>
  shards.flatMap(({ kind, shard, laggingFrom }) => (laggingFrom === undefined ? [] : [{ kind, shard, from: laggingFrom }]))

/** The shard was found at `watermark`. It lags until an update has brought it to the common watermark. */
export function setWatermark(shard: Shard, watermark: string, isNew: boolean): void {
  shard.watermark = watermark
  shard.laggingFrom = watermark
  shard.isNew = isNew
}

/** Until it is rebuilt, its counts are read from the rows. */
export function setUnusable(shard: Shard): void {
  shard.watermark = undefined
  shard.laggingFrom = undefined
}

const SHARDS_PER_WRITE = 256

/** Reads the watermarks of all shards. Discards unusable shards, so that no reader takes them for up-to-date ones, and returns them. */
export async function locateShards(
  shards: Shard[],
  { db, redis }: { db: Db; redis: Redis },
): Promise<{ bounds: LogBounds; unusable: UnusableShard[] }> {
  const answers = await readStates(shards, redis)
  // Read after the shards, so that no watermark of this incarnation can be beyond xmin.
  const bounds = await readLogBounds(db)
  const faulty: FaultyShard[] = []
  for (const [i, shard] of shards.entries()) {
    const answer = answers[i]
    const [incarnation, watermark, isNew] = Array.isArray(answer) ? answer : []
    const reason = findFault(answer, bounds)
    if (reason === undefined) {
      setWatermark(shard, watermark, isNew !== null)
      continue
    }
    setUnusable(shard)
    const state = answer instanceof Error ? 'wrong' : incarnation === bounds.incarnation && isWatermark(watermark) ? watermark : 'gone'
    faulty.push({ shard, reason, state })
  }
  return { bounds, unusable: await discard(faulty, bounds.incarnation, redis) }
}

interface FaultyShard extends UnusableShard {
  /** As the scripts name it. */
  state: string
}

async function readStates(shards: Shard[], redis: Redis): Promise<unknown[]> {
  const answers: unknown[] = []
  for (let i = 0; i < shards.length; i += SHARDS_PER_WRITE) {
    const commands = shards.slice(i, i + SHARDS_PER_WRITE).map(one => ['HMGET', shardKey(one.kind, one.shard), '_e', '_w', '_n'])
    answers.push(...(await redis.pipeline(commands, BACKGROUND_TIMEOUT_MS)))
  }
  return answers
}

/** Returns those that are unusable now: another process may have replaced a shard meanwhile, and that one is kept. */
async function discard(faulty: FaultyShard[], incarnation: string, redis: Redis): Promise<UnusableShard[]> {
  const unusable: UnusableShard[] = []
  for (let i = 0; i < faulty.length; i += SHARDS_PER_WRITE) {
    const some = faulty.slice(i, i + SHARDS_PER_WRITE)
    const calls = some.map(({ shard, state }) => ({ keys: [shardKey(shard.kind, shard.shard)], args: [incarnation, state] }))
    const states = throwIfAnyFailed(await redis.runAll<string>(DISCARD, calls, BACKGROUND_TIMEOUT_MS))
    for (const [n, { shard, reason, state }] of some.entries()) {
      const now = states[n]
      if (isWatermark(now) && now !== state) setWatermark(shard, now, true)
      else unusable.push({ shard, reason })
    }
  }
  return unusable
}

/** Why a shard cannot be used; undefined if it can. The reasons are labels of a metric. */
function findFault(answer: unknown, bounds: LogBounds): string | undefined {
  if (answer instanceof Error) return 'wrong type'
  const [incarnation, watermark] = Array.isArray(answer) ? answer : []
  if (incarnation === null) return 'missing'
  if (incarnation !== bounds.incarnation) return 'another epoch'
  if (!isWatermark(watermark)) return 'garbage'
  if (isBefore(watermark, bounds.floor)) return 'older than the log'
  return isBefore(bounds.xmin, watermark) ? 'from the future' : undefined
}
