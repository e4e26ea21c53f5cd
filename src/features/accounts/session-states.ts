// Whether sessions are live, in memory. The change log drops an entry as soon as the session ends or its reader changes;
// should a change be missed, an entry is read again after two seconds.

import { LRUCache } from 'lru-cache'
import type { Change } from '../../base/change.ts'
import { entriesMax } from '../../base/entries-max.ts'
import type { SessionId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ReaderClaims } from './reader-tokens.ts'
import { findSessionState, type SessionState } from './sessions.sql.ts'

export type SessionStates = ReturnType<typeof createSessionStates>

const TTL_MS = 2_000 // a frozen reader or an ended session may be accepted for so long
const SESSIONS_MAX = 10_000

export function createSessionStates(db: Db) {
  const states = new LRUCache<SessionId, SessionState & { readerId: bigint }, ReaderClaims>({
    ...entriesMax(SESSIONS_MAX),
    ttl: TTL_MS,
    ignoreFetchAbort: true, // if an entry is dropped while it is loaded, the waiting requests still get it
    fetchMethod: async (id, _stale, { context: { readerId } }) => ({ ...(await findSessionState(db, id, readerId)), readerId }),
  })
  return {
    get: async (claims: ReaderClaims) => (await states.fetch(claims.sessionId, { context: claims })) as SessionState,
    drop: (ids: SessionId[]) => ids.forEach(id => states.delete(id)),
    clear: () => states.clear(),
    applyChanges(changes: readonly Change[]): void {
      const readers = new Set<bigint>()
      for (const { topic, key } of changes) {
        if (topic === 'session') states.delete(key as SessionId)
        if (topic === 'reader') readers.add(key)
      }
      if (readers.size === 0) return
      for (const [id, { readerId }] of states.entries()) if (readers.has(readerId)) states.delete(id)
    },
  }
}
