import type { AdministratorId, AdministratorSessionId, ReaderId } from './id.ts'

/** Who is asking: a signed-in reader, a device that gave its own id, or nobody we could recognise again. */
export type Viewer = { kind: 'reader'; id: ReaderId } | { kind: 'device'; id: string } | { kind: 'nobody' }

export const ANONYMOUS: Viewer = { kind: 'nobody' }

/** The form in which pages and behaviours name their viewer; undefined for nobody, who leaves no trail. */
export function viewerKeyOf(viewer: Viewer): string | undefined {
  if (viewer.kind === 'reader') return `r${viewer.id}`
  if (viewer.kind === 'device') return `d${viewer.id}`
  return undefined
}

/** Device ids are chosen by clients: printable, without spaces, and no longer than any in use (a UUID has 36). */
export const DEVICE_ID = /^[!-~]{1,64}$/

/** The token in an Authorization header of the kind Bearer. */
export const bearerTokenIn = (header = ''): string | undefined => /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1]

/** What a bearer token turned out to be. */
export type ReaderTokenResult =
  | { kind: 'reader'; viewer: Viewer; verified: boolean }
  | { kind: 'refresh' }
  | { kind: 'frozen' }
  | { kind: 'bad' }

/** Asked for every bearer token of every request: must be quick, and never throws for a bad token. */
export type Authenticate = (token: string) => Promise<ReaderTokenResult>

/** An administrator who is asking, and by which session. */
export interface AdminIdentity {
  id: AdministratorId
  session: AdministratorSessionId
}

/** What a bearer token turned out to be where administrators are asked for; those of readers are bad there. */
export type AdminTokenResult = ({ kind: 'administrator' } & AdminIdentity) | { kind: 'refresh' } | { kind: 'gone' } | { kind: 'bad' }

export type AuthenticateAdmin = (token: string) => Promise<AdminTokenResult>
