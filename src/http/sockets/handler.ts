import type { Viewer } from '../../base/viewer.ts'

/**
 * Answers an event that a client sent over its socket. The answer goes to that socket alone, under the same event's name.
 * `message` is whatever the client sent: the handler checks it. What it says about its sender is not to be believed; `viewer` is.
 */
export type SocketHandler = (message: unknown, viewer: Viewer) => object | undefined | Promise<object | undefined>
