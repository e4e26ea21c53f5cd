// Administrators decide whether a reader is who they say. Then the reader may sign in to the studio.

import { invalid } from '../../base/problem.ts'
import { normalizeText } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import type { Identity } from './identity.ts'
import { decideLegalizes, findLegalize, findLegalizeProfile, listLegalizes, setVerified } from './legalizes.sql.ts'

export type Legalizes = ReturnType<typeof createLegalizes>

export const REASON_MAX = 200
const APPROVED = 2

export interface LegalizesNeeds {
  db: Db
  operationLog: OperationLog
  readTexts: Identity['readTexts']
}

export function createLegalizes({ db, operationLog, readTexts }: LegalizesNeeds) {
  return {
    list: (status: number | undefined, page: AdminPage) => listLegalizes(db, status, page),

    /** That the name and the number were shown to the administrator is recorded. */
    async get(operator: Operator, id: bigint) {
      const legalize = await findLegalize(db, id)
      if (!legalize) throw invalid('Invalid legalize id.')
      const [profile, texts] = await Promise.all([findLegalizeProfile(db, legalize.reader_id), readTexts(legalize.reader_id, operator)])
      return { ...legalize, profile, texts }
    },

    /** Returns how many of these were waiting, and are decided now. What a reader has changed since is another application. */
    async decide(
      operator: Operator,
      { ids, status, reason: typed = '' }: { ids: bigint[]; status: 2 | 3; reason?: string },
    ): Promise<number> {
      const reason = status === APPROVED ? null : normalizeText('reject_reason', typed, REASON_MAX) || null
      return operationLog.change(operator, async (tx, note) => {
        const decided = await decideLegalizes(tx, { ids, status, reason })
        const readers = decided.map(one => one.reader_id)
        await setVerified(tx, readers, status === APPROVED)
        const operation = status === APPROVED ? 'approve legalize' : 'reject legalize'
        for (const { id, reader_id } of decided)
          note({ operation, description: `${id} of reader ${reader_id}`, before: { status: 1 }, after: { status, reason } })
        return decided.length
      })
    },
  }
}
