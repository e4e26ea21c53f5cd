// A reader's mobile number is changed with two codes: one goes to the old number, another to the new one. A reader who has
// lost the old number asks an administrator.

import type { ReaderId, SessionId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { Client } from '../../base/network.ts'
import { conflict, invalid, notFound } from '../../base/problem.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { updateMobile } from './accounts.sql.ts'
import type { Accounts, MobileProof } from './accounts.ts'
import type { Sessions } from './sessions.ts'

export interface Needs {
  db: Db
  log: Log
  operationLog: OperationLog
  accounts: Pick<Accounts, 'sendCode' | 'sendOwnCode' | 'checkMobileChange'>
  sessions: Pick<Sessions, 'endAll'>
}

export type MobileChange = ReturnType<typeof createMobileChange>

export function createMobileChange({ db, log, operationLog, accounts, sessions }: Needs) {
  async function change(tx: Db | Tx, id: ReaderId, mobile: string): Promise<void> {
    const outcome = await updateMobile(tx, id, mobile)
    if (outcome === 'taken') throw conflict('Another account has this number.')
    if (outcome === 'missing') throw notFound('There is no such reader.')
  }

  return {
    /** Sends a code to the new number; without one, to the reader's own. */
    sendCode: (id: ReaderId, mobile: string | undefined, client: Client): Promise<void> =>
      mobile === undefined ? accounts.sendOwnCode(id, 'old number', client) : accounts.sendCode(mobile, 'new number', client),

    async confirm({ id, session }: { id: ReaderId; session: SessionId }, proof: MobileProof, client: Client): Promise<void> {
      if (!(await accounts.checkMobileChange(id, proof, client))) throw invalid('Invalid code.')
      await change(db, id, proof.mobile)
      await sessions.endAll(id, session)
      log.info({ reader: id }, 'mobile number changed')
    },

    /** Recovery: the reader has shown by other means who they are. */
    async replace(operator: Operator, id: ReaderId, mobile: string): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        await change(tx, id, mobile)
        note({ operation: 'replace mobile number', description: `reader ${id}` })
      })
      await sessions.endAll(id)
      log.warn({ reader: id, by: operator.name }, 'mobile number replaced')
    },
  }
}
