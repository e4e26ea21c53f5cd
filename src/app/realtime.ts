// What the role `realtime` is built from, and how the other roles reach its sockets.

import type { Topic } from '../base/change.ts'
import type { ReaderId } from '../base/id.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import type { PubSub } from '../engines/redis/pub-sub.ts'
import { KEY_PREFIX } from '../engines/redis/redis.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { pushTestRoutes } from '../features/notices/push-test.routes.ts'
import { photoPath } from '../features/profiles/profiles.ts'
import { roomOf } from '../http/sockets/reader-sockets.ts'
import type { Sockets } from '../http/sockets/sockets.ts'
import { createRealtime } from '../roles/realtime.ts'
import type { Infrastructure } from './infrastructure.ts'
import type { ReaderFeatures } from './reader-features.ts'

export interface RealtimeParts {
  /** Undefined without the role. */
  sockets: Sockets | undefined
  module: FeatureModule
  /** Sends an event to the reader's sockets of all processes. */
  push(readerId: ReaderId, event: string, payload: object): Promise<void>
  close(): Promise<void>
}

/** A page opens one socket, and a proxy with a hundred readers behind it hundreds after a restart. */
const CONNECTS = { name: 'sockets', points: 3_000, seconds: 60 }
/** The adapter and the emitter begin their channels with it. */
const CHANNEL_PREFIX = `${KEY_PREFIX}sockets`

export function createRealtimeParts(
  { config, redis, metrics, log }: Infrastructure,
  reader: ReaderFeatures,
  modules: FeatureModule[],
  absoluteUrl: (path: string) => string,
): RealtimeParts {
  let pubSub: PubSub | undefined
  /** Opened by the first socket of the process. */
  const openPubSub = async () => {
    const url = config.redisUrl
    if (!url || !redis) return undefined
    const { openPubSub } = await import('../engines/redis/pub-sub.ts')
    return (pubSub ??= openPubSub({ url, name: `broadsheet sockets ${process.pid}`, redis, log }))
  }
  const openAdapter = async () => {
    const client = await openPubSub()
    return client && (await import('@socket.io/redis-adapter')).createAdapter(client, client, { key: CHANNEL_PREFIX })
  }
  const sockets = config.roles.has('realtime')
    ? createRealtime({
        modules,
        authenticate: reader.authenticate,
        findEndedSessions: reader.findEndedSessions,
        connectLimiter: createRateLimiter(CONNECTS),
        trustProxy: config.trustProxy,
        openAdapter,
        clock: Date.now,
        random: Math.random,
        metrics,
        log,
      })
    : undefined
  /** A process that has opened no sockets reaches those of the others. */
  async function push(readerId: ReaderId, event: string, payload: object): Promise<void> {
    if (sockets?.isOpen()) return sockets.pushEverywhere(readerId, event, payload)
    const client = await openPubSub()
    if (!client) return
    const { Emitter } = await import('@socket.io/redis-emitter')
    new Emitter(client, { key: CHANNEL_PREFIX }).to(roomOf(readerId)).emit(event, payload)
  }

  const photoUrl = (id: ReaderId) => absoluteUrl(photoPath(id, null))
  return {
    sockets,
    push,
    module: {
      routes: { app: pushTestRoutes({ push, photoUrl, clock: Date.now }) },
      onChange(changes) {
        const keysOf = (wanted: Topic) => new Set(changes.filter(({ topic }) => topic === wanted).map(({ key }) => key))
        const [frozen, ended] = [keysOf('reader'), keysOf('session')]
        void sockets?.checkSessions(({ viewer, session }) => frozen.has(viewer.id) || ended.has(session.id))
      },
      onGap: () => void sockets?.checkSessions(),
    },
    close: async () => void (await pubSub?.close()),
  }
}
