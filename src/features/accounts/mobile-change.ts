// A reader's mobile number is changed with two codes: one goes to the old number, another to the new one. A reader who has
// lost the old number asks an administrator.

import type { ReaderId, SessionId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Client } from '../../base/network.ts'
import { conflict, invalid, notFound } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { updateMobile } from './accounts.sql.ts'
import type { Accounts, MobileProof } from './accounts.ts'
import type { Sessions } from './sessions.ts'

export interface Needs {
  db: Db
  log: Log
  accounts: Pick<Accounts, 'sendCode' | 'sendOwnCode' | 'checkMobileChange'>
  sessions: Pick<Sessions, 'endAll'>
}

export type MobileChange = ReturnType<typeof createMobileChange>

export function createMobileChange({ db, log, accounts, sessions }: Needs) {
  /** Also ends the sessions of the reader, but for `keep`. */
  async function change(id: ReaderId, mobile: string, keep?: SessionId): Promise<void> {
    const outcome = await updateMobile(db, id, mobile)
    if (outcome === 'taken') throw conflict('Another account has this number.')
    if (outcome === 'missing') throw notFound('There is no such reader.')
    await sessions.endAll(id, keep)
  }

  return {
    /** Sends a code to the new number; without one, to the reader's own. */
    sendCode: (id: ReaderId, mobile: string | undefined, client: Client): Promise<void> =>
      mobile === undefined ? accounts.sendOwnCode(id, 'old number', client) : accounts.sendCode(mobile, 'new number', client),

    async confirm({ id, session }: { id: ReaderId; session: SessionId }, proof: MobileProof, client: Client): Promise<void> {
      if (!(await accounts.checkMobileChange(id, proof, client))) throw invalid('Invalid code.')
      await change(id, proof.mobile, session)
      log.info({ reader: id }, 'mobile number changed')
    },

    /** Recovery: the reader has shown by other means who they are. `by`: an administrator, or the command line. */
    async replace(id: ReaderId, mobile: string, by: string): Promise<void> {
      await change(id, mobile)
      log.warn({ reader: id, by }, 'mobile number replaced')
    },
  }
}
