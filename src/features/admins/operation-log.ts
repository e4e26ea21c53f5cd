// Who did what in the back office, with the changed fields before and after. An entry is written in the transaction of the
// change, so neither exists without the other. What has no such transaction (jobs, rebuilt counts, retries) has its entry after it.

import { toJsonText } from '../../base/changed-fields.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage, DateRange } from '../../http/admin-lists.ts'
import { findLastOperation, insertOperation, listOperations } from './operation-log.sql.ts'

export interface Operation {
  /** The verb and the kind of thing: `ban article`. */
  operation: string
  /** Which one. A reader, an article and a comment by id alone: names and texts are deleted with an account, entries are not. */
  description: string
  before?: object
  after?: object
}

export type OperationLog = ReturnType<typeof createOperationLog>

const DESCRIPTION_MAX = 200
/** A list of a thousand ids fits; a whole text does not belong here. */
const JSON_MAX = 20_000

export function createOperationLog({ db }: { db: Db }) {
  const record = (tx: Db | Tx, { id, name, ip }: Operator, { operation, description, before, after }: Operation) =>
    insertOperation(tx, {
      administratorId: id,
      administratorName: name,
      ip,
      operation,
      description: [...description].slice(0, DESCRIPTION_MAX).join(''),
      before: toBoundedJson(before),
      after: toBoundedJson(after),
    })

  return {
    /** For changes that are not made in a transaction of ours, and for looking at what is private. */
    record: (operator: Operator, operation: Operation) => record(db, operator, operation),

    /** Runs `work` in a transaction, which ends with the operations that `work` notes. */
    change<T>(operator: Operator, work: (tx: Tx, note: (operation: Operation) => void) => Promise<T>): Promise<T> {
      return db.transaction().execute(async tx => {
        const noted: Operation[] = []
        const result = await work(tx, operation => noted.push(operation))
        for (const operation of noted) await record(tx, operator, operation)
        return result
      })
    },

    /** So that an editor who was slower is told who was quicker. */
    findLast: findLastOperation,

    list: (filter: { keyword?: string } & DateRange, page: AdminPage) => listOperations(db, filter, page),
  }
}

function toBoundedJson(fields: object | undefined): string | null {
  if (fields === undefined) return null
  const json = toJsonText(fields)
  return json.length > JSON_MAX ? JSON.stringify({ truncated: json.slice(0, JSON_MAX) }) : json
}
