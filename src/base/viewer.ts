import type { ReaderId } from './id.ts'

/** Who sent a request: a signed-in reader, a device that sent its own id, or a client we cannot recognise again. */
export type Viewer = { kind: 'reader'; id: ReaderId } | { kind: 'device'; id: string } | { kind: 'anonymous' }

export const ANONYMOUS: Viewer = { kind: 'anonymous' }

/** Clients choose device ids: printable ASCII without spaces, up to 64 characters (a UUID has 36). */
export const DEVICE_ID = /^[!-~]{1,64}$/
