// A reader's mobile number is changed with two codes: one goes to the old number, another to the new one. A reader who has
// lost the old number asks an administrator.

import type { ReaderId, SessionId } from '../../base/id.ts'
import type { Client } from '../../base/network.ts'
import { conflict, notFound } from '../../base/problem.ts'
import type { SecurityLog } from '../../base/security-log.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { updateMobile } from './accounts.sql.ts'
import type { Accounts, MobileProof } from './accounts.ts'
import type { Sessions } from './sessions.ts'

export interface Needs {
  db: Db
  securityLog: SecurityLog
  operationLog: OperationLog
  accounts: Pick<Accounts, 'sendCode' | 'sendOwnCode' | 'checkMobileChange'>
  sessions: Pick<Sessions, 'endAllIn'>
}

export type MobileChange = ReturnType<typeof createMobileChange>

export function createMobileChange({ db, securityLog, operationLog, accounts, sessions }: Needs) {
  async function change(tx: Tx, id: ReaderId, mobile: string): Promise<void> {
    const outcome = await updateMobile(tx, id, mobile)
    if (outcome === 'taken') throw conflict('Another account has this number.')
    if (outcome === 'missing') throw notFound('There is no such reader.')
  }

  return {
    /** Sends a code to the new number; without one, to the reader's own. */
    sendCode: (id: ReaderId, mobile: string | undefined, client: Client): Promise<void> =>
      mobile === undefined ? accounts.sendOwnCode(id, 'old number', client) : accounts.sendCode(mobile, 'new number', client),

    async confirm({ id, session }: { id: ReaderId; session: SessionId }, proof: MobileProof, client: Client): Promise<void> {
      const useCodes = await accounts.checkMobileChange(id, proof, client)
      // All or nothing: with a number that another account has, the codes stay valid; and the number changes for no other session.
      const noteEnded = await db.transaction().execute(async tx => {
        await useCodes(tx)
        await change(tx, id, proof.mobile)
        return sessions.endAllIn(tx, id, session)
      })
      noteEnded()
      securityLog('mobile number changed', { reader: id, session })
    },

    /** Recovery: the reader has shown by other means who they are. */
    async replace(operator: Operator, id: ReaderId, mobile: string): Promise<void> {
      const noteEnded = await operationLog.change(operator, async (tx, note) => {
        await change(tx, id, mobile)
        note({ operation: 'replace mobile number', description: `reader ${id}` })
        return sessions.endAllIn(tx, id)
      })
      noteEnded()
      securityLog('mobile number replaced', { reader: id, administrator: operator.id ?? 'command line' })
    },
  }
}
