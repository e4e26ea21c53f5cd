// Bearer tokens: where a request carries one, and what a feature answers when it has verified one.

import type { AdministratorId, AdministratorSessionId, ReaderId, SessionId } from '../base/id.ts'
import type { PermissionCode } from '../base/permissions.ts'

/** The token of an `Authorization: Bearer …` header. */
export const bearerTokenIn = (header = ''): string | undefined => /^Bearer\s+(\S+)\s*$/i.exec(header)?.[1]

export interface ReaderSession {
  id: SessionId
  /** When the token expires, in milliseconds since 1970. */
  expiresAt: number
}

export type ReaderTokenResult =
  | { kind: 'reader'; viewer: { kind: 'reader'; id: ReaderId }; verified: boolean; session: ReaderSession }
  | { kind: 'refresh' }
  | { kind: 'frozen' }
  | { kind: 'bad' }

/** Called for every bearer token of every request: must be quick, and never throws for a bad token. */
export type Authenticate = (token: string) => Promise<ReaderTokenResult>

export interface AdminSession {
  id: AdministratorId
  session: AdministratorSessionId
}

export interface AdminIdentity extends AdminSession {
  name: string
}

/**
 * `gone`: the token is good, but the administrator has been deleted or frozen. `group-disabled`: no one in their group may do
 * anything. `second-factor-missing`: the operator demands one, and the
 * administrator has not set it up. A reader's token is `bad` here.
 */
export type AdminTokenResult =
  | ({ kind: 'administrator' | 'second-factor-missing'; allows(code: PermissionCode): boolean } & AdminIdentity)
  | { kind: 'group-disabled' }
  | { kind: 'refresh' }
  | { kind: 'gone' }
  | { kind: 'bad' }

export type AuthenticateAdmin = (token: string) => Promise<AdminTokenResult>
