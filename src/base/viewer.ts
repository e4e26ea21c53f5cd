import type { ReaderId } from './id.ts'

/** Who is asking: a signed-in reader, a device that gave its own id, or nobody we could recognise again. */
export type Viewer = { kind: 'reader'; id: ReaderId } | { kind: 'device'; id: string } | { kind: 'nobody' }

export const NOBODY: Viewer = { kind: 'nobody' }

/** The form in which pages and behaviours name their viewer; undefined for nobody, who leaves no trail. */
export function viewerKey(viewer: Viewer): string | undefined {
  if (viewer.kind === 'reader') return `r${viewer.id}`
  if (viewer.kind === 'device') return `d${viewer.id}`
  return undefined
}

/** Device ids are chosen by clients: printable, without spaces, and no longer than any in use (a UUID has 36). */
export const DEVICE_ID = /^[!-~]{1,64}$/

/** What a bearer token turned out to be. */
export type Bearer = { kind: 'reader'; viewer: Viewer; verified: boolean } | { kind: 'refresh' } | { kind: 'frozen' } | { kind: 'bad' }

/** Asked for every bearer token of every request: must be quick, and never throws for a bad token. */
export type Authenticate = (token: string) => Promise<Bearer>
