import { type Redis } from '../../redis/redis.ts'
import { isCount, parseHash } from './keys.ts'
import { DISCARD_CORRUPT } from './scripts.ts'

/** Fields of ours that are no counts. */
export const isMetaField = (field: string) => field === '_e' || field === '_w' || field === '_r' || field === '_n'

/** Takes a shard away in which something stands that we have not put there; returns what, undefined if all is well. */
export async function discardIfCorrupt(redis: Redis, key: string): Promise<string | undefined> {
  const [answer] = await redis.pipeline([['HGETALL', key]], 1_000)
  const fields = answer instanceof Error ? undefined : parseHash(answer)
  const field = fields ? [...fields].find(([name, value]) => !isMetaField(name) && !isCount(value))?.[0] : '(not a hash)'
  if (field === undefined) return undefined
  await redis.run(DISCARD_CORRUPT, { keys: [key], args: [field] }, 1_000)
  return field
}
