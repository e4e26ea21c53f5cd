// Notifications between the processes of one site, over Redis. A notification says only that there may be news in the database.
// It may be lost or come twice, so every receiver also polls.

import { randomBytes } from 'node:crypto'
import { KEY_PREFIX, type Redis } from '../redis/redis.ts'

/** What is published: each topic with the payload of its messages. */
export interface BusMessages {
  /** The newest transaction whose changes the sender has read. */
  change: { xid: string }
}

export interface Bus<Messages = BusMessages> {
  /** Calls `onMessage` when another process publishes `topic`, and without a payload when that may have been missed. */
  on<Topic extends keyof Messages & string>(topic: Topic, onMessage: (payload?: Messages[Topic]) => void): void
  /** Notifies the other processes. Without Redis there are none. Does not wait, and never fails. */
  publish<Topic extends keyof Messages & string>(topic: Topic, payload: Messages[Topic]): void
}

export function createBus<Messages = BusMessages>(redis?: Redis): Bus<Messages> {
  const ownId = randomBytes(9).toString('base64url')
  return {
    on(topic, onMessage) {
      const receive = (message: string) => {
        const { sender, payload } = parse(message)
        if (sender !== ownId) onMessage(payload as Messages[typeof topic] | undefined)
      }
      redis?.subscribe(channelOf(topic), receive, () => onMessage())
    },
    publish(topic, payload) {
      redis?.send(['PUBLISH', channelOf(topic), JSON.stringify({ sender: ownId, payload })]).catch(() => {})
    },
  }
}

/** A process of an earlier version sends its id alone: that is a message without a payload. */
function parse(message: string): { sender?: string; payload?: unknown } {
  try {
    const parsed: unknown = JSON.parse(message)
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    return {}
  }
}

const channelOf = (topic: string) => `${KEY_PREFIX}wake:${topic}`
