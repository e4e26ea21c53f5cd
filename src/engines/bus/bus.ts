// How processes of one site wake each other. A wake says that there may be something to look for, and nothing else: it may
// be lost, or come twice, and whoever must not miss a thing looks for it in the database now and then anyway.

import { randomBytes } from 'node:crypto'
import { KEY_PREFIX, type Redis } from '../redis/redis.ts'

export interface Bus {
  /** Calls `wake` when another process has told of `topic`, and when it may have done so unheard. */
  on(topic: string, wake: () => void): void
  /** Without Redis there are no others. */
  publish(topic: string): void
}

export function createBus(redis?: Redis): Bus {
  const own = randomBytes(9).toString('base64url')
  return {
    on(topic, wake) {
      redis?.subscribe(channelOf(topic), sender => sender !== own && wake(), wake)
    },
    publish(topic) {
      redis?.send(['PUBLISH', channelOf(topic), own]).catch(() => {})
    },
  }
}

const channelOf = (topic: string) => `${KEY_PREFIX}wake:${topic}`
