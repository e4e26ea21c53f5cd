import type { ReaderId } from './id.ts'
import { isMissing } from './missing.ts'

/** Who sent a request: a signed-in reader, a device that sent its own id, or a client we cannot recognise again. */
export type Viewer = { kind: 'reader'; id: ReaderId } | { kind: 'device'; id: string } | { kind: 'anonymous' }

export const ANONYMOUS: Viewer = { kind: 'anonymous' }

/** Clients choose device ids: printable ASCII without spaces, up to 64 characters (a UUID has 36). */
const DEVICE_ID = /^[!-~]{1,64}$/

/** Who sends this device id. Undefined if it is malformed. */
export function viewerOfDevice(id: string): Viewer | undefined {
  if (isMissing(id)) return ANONYMOUS
  return DEVICE_ID.test(id) ? { kind: 'device', id } : undefined
}
