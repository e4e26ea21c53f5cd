import type { Viewer } from '../../base/viewer.ts'

/** Who sent an event. What the event itself says about its sender is not to be believed. */
export interface SocketSender {
  viewer: Viewer
  /** What limits count the client as. */
  client: string
  /** Sends an event to this socket alone, before the answer. */
  emit(event: string, payload: object): void
}

/**
 * Answers an event that a client sent over its socket. The answer goes to that socket alone, under the same event's name.
 * `message` is whatever the client sent: the handler checks it.
 */
export type SocketHandler = (message: unknown, sender: SocketSender) => object | undefined | Promise<object | undefined>
