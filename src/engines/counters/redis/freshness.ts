// What the applier publishes after each batch: how far it has come, for monitoring and for noticing a restore, and that the
// shards may be read, by a key that expires.

import { type Clock, SECOND } from '../../../base/clock.ts'
import { inTransaction, throwIfAnyFailed } from '../../redis/commands.ts'
import { BACKGROUND_TIMEOUT_MS, type Command, type Redis } from '../../redis/redis.ts'
import { CAUGHT_UP_KEY, CHECKPOINT_KEY, FRESH_KEY, RUN_KEY } from './keys.ts'
import { type Freshness, formatCheckpoint, formatFreshness, isBefore, parseCheckpoint } from './values.ts'

const FRESH_MS = SECOND // the promise: no count read from Redis is older

export function createFreshness({ redis, clock, settleMs }: { redis: Redis; clock: Clock; settleMs: number }) {
  let requiredWatermark = '0'
  let runSince = 0

  return {
    readCheckpoint: async (incarnation: string): Promise<string | undefined> =>
      parseCheckpoint(await redis.send(['GET', CHECKPOINT_KEY], BACKGROUND_TIMEOUT_MS).catch(() => ''), incarnation),

    /**
     * Call it whenever Redis may have lost writes, with the database's xmax of then. Own writes may be lost too, so the shards
     * are not read before they contain every transaction below that xmax, and not before this run of Redis has settled.
     */
    async restart(xmax: string, instance: string | undefined): Promise<void> {
      requiredWatermark = xmax
      const [of, since] = String(await redis.send(['GET', RUN_KEY], BACKGROUND_TIMEOUT_MS).catch(() => '')).split(' ')
      runSince = of === instance && Number(since) <= clock() ? Number(since) : clock()
      if (of !== instance) await redis.send(['SET', RUN_KEY, `${instance} ${runSince}`], BACKGROUND_TIMEOUT_MS)
    },

    isSettled: (watermark: string) => !isBefore(watermark, requiredWatermark) && clock() - runSince >= settleMs,

    async publishProgress({
      incarnation,
      watermark,
      caughtUpAt,
      readable,
    }: {
      incarnation: string
      watermark: string
      caughtUpAt: number
      /** Undefined if the shards may not be read. */
      readable: { instance: string; clockOffsetMs: number } | undefined
    }): Promise<void> {
      const commands: Command[] = [
        ['SET', CAUGHT_UP_KEY, String(caughtUpAt)],
        ['SET', CHECKPOINT_KEY, formatCheckpoint(incarnation, watermark)],
      ]
      if (readable) {
        const freshness: Freshness = { incarnation, watermark, instance: readable.instance }
        commands.push(
          ...inTransaction([
            ['SET', FRESH_KEY, formatFreshness(freshness)],
            // A moment of Redis's own clock: if Redis hangs before it executes this, the key is expired when it goes on.
            ['PEXPIREAT', FRESH_KEY, String(caughtUpAt + readable.clockOffsetMs + FRESH_MS)],
          ]),
        )
      }
      throwIfAnyFailed(await redis.pipeline(commands, BACKGROUND_TIMEOUT_MS))
    },
  }
}
