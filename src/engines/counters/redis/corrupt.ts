// Shards that hold something else than counts. A reader reports them; an applier or the reconciler discards them, and they are
// rebuilt.

import { MINUTE, SECOND } from '../../../base/clock.ts'
import { inTransaction } from '../../redis/commands.ts'
import type { Redis } from '../../redis/redis.ts'
import { CORRUPT_KEY, type ShardId, shardName } from './keys.ts'
import { DISCARD_CORRUPT } from './scripts.ts'
import { isCount, isMetaField, parseHash } from './values.ts'

const TIMEOUT_MS = SECOND

/** Returns the first field that is no count, or undefined if the shard is sound. */
export async function discardIfCorrupt(redis: Redis, key: string): Promise<string | undefined> {
  const [answer] = await redis.pipeline([['HGETALL', key]], TIMEOUT_MS)
  const field = answer instanceof Error ? '(not a hash)' : findCorruptField(parseHash(answer))
  if (field === undefined) return undefined
  await redis.run(DISCARD_CORRUPT, { keys: [key], args: [field] }, TIMEOUT_MS)
  return field
}

export const findCorruptField = (fields: Map<string, string>): string | undefined =>
  [...fields].find(([name, value]) => !isMetaField(name) && !isCount(value))?.[0]

const REPORT_INTERVAL_MS = SECOND
const REPORT_TIMEOUT_MS = 100

/** Reports shards to the applier. A process reports once a second at most; what it leaves out, a later read finds again. */
export function createCorruptionReporter(redis: Redis): (shards: ShardId[]) => void {
  let reportedAt = Number.NEGATIVE_INFINITY
  return shards => {
    if (shards.length === 0 || performance.now() - reportedAt < REPORT_INTERVAL_MS) return
    reportedAt = performance.now()
    const commands = inTransaction([
      ['SADD', CORRUPT_KEY, ...shards.map(shardName)],
      ['PEXPIRE', CORRUPT_KEY, String(MINUTE)],
    ])
    redis.pipeline(commands, REPORT_TIMEOUT_MS).catch(() => {})
  }
}
