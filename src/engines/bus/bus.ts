// Notifications between the processes of one site, over Redis. A notification says only that there may be news in the database.
// It may be lost or come twice, so every receiver also polls.

import { randomBytes } from 'node:crypto'
import { KEY_PREFIX, type Redis } from '../redis/redis.ts'

export interface Bus {
  /** Calls `onNotify` when another process publishes `topic`, and when that may have been missed. */
  on(topic: string, onNotify: () => void): void
  /** Notifies the other processes. Without Redis there are none. Does not wait, and never fails. */
  publish(topic: string): void
}

export function createBus(redis?: Redis): Bus {
  const ownId = randomBytes(9).toString('base64url')
  return {
    on(topic, onNotify) {
      redis?.subscribe(channelOf(topic), sender => sender !== ownId && onNotify(), onNotify)
    },
    publish(topic) {
      redis?.send(['PUBLISH', channelOf(topic), ownId]).catch(() => {})
    },
  }
}

const channelOf = (topic: string) => `${KEY_PREFIX}wake:${topic}`
