// The deletion of an account: asked for with a code, due after a week, cancelled by a sign-in. Then everything personal is
// deleted in batches. Each step may be repeated, so a run that is interrupted is continued by the next one.

import type { ReaderId } from '../../base/id.ts'
import type { Job } from '../../base/job.ts'
import type { Log } from '../../base/log.ts'
import { notFound } from '../../base/problem.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import {
  anonymiseBehaviours,
  blankArticles,
  blankComments,
  type DueAccount,
  deleteAccountRow,
  deleteRowsOf,
  listDueAccounts,
  listPersonalColumns,
  lockAccount,
  scheduleDeletion,
} from './personal-data.sql.ts'
import { ruleOf } from './personal-tables.ts'

export const GRACE_SECONDS = 7 * 86_400
const BATCH = 500 // rows a transaction: a writing transaction over 200 ms delays every consumer of a log
const ACCOUNTS_PER_RUN = 100
const UNKNOWN = 'There is no such reader.'

export interface DeletionNeeds {
  db: Db
  log: Pick<Log, 'info' | 'error'>
}

export type Deletion = ReturnType<typeof createDeletion>

export function createDeletion({ db, log }: DeletionNeeds) {
  async function repeat(step: () => Promise<number>): Promise<number> {
    let changed = 0
    for (let count = BATCH; count > 0; changed += count) count = await step()
    return changed
  }

  async function deleteRows(id: ReaderId): Promise<number> {
    const viewer = viewerKeyOf({ kind: 'reader', id }) as string
    let changed = 0
    for (const personal of await listPersonalColumns(db)) {
      const { removal } = ruleOf(`${personal.table}.${personal.column}`)
      if (removal === 'delete') changed += await repeat(() => deleteRowsOf(db, personal, personal.isViewerKey ? viewer : id, BATCH))
    }
    changed += await repeat(() => anonymiseBehaviours(db, viewer, BATCH))
    changed += await repeat(() => blankComments(db, id, BATCH))
    return changed + (await repeat(() => blankArticles(db, id, BATCH)))
  }

  async function deleteNow(account: DueAccount): Promise<number> {
    let rows = 0
    // Requests that were being answered may have written: the last pass finds nothing.
    for (let passes = 0, changed = 1; changed > 0 && passes < 5; passes++) rows += changed = await deleteRows(account.id)
    await deleteAccountRow(db, account, deletedNameOf(account.id))
    log.info({ reader: account.id.toString(), rows }, 'account deleted')
    return rows
  }

  return {
    /** Returns when the account will be deleted. */
    async schedule(tx: Tx, id: ReaderId): Promise<Date> {
      const due = await scheduleDeletion(tx, id, GRACE_SECONDS)
      if (!due) throw notFound(UNKNOWN)
      return due
    },

    /** For operators: without the week. Returns how many rows were changed. */
    async deleteAtOnce(id: ReaderId, waitForRequests: () => Promise<unknown>): Promise<number> {
      const account = await lockAccount(db, id, { onlyIfDue: false })
      if (!account) throw notFound(UNKNOWN)
      await waitForRequests()
      return deleteNow(account)
    },

    job: {
      name: 'delete-accounts',
      about: 'deletes what is personal of accounts whose readers asked for it a week ago',
      schedule: 'every 1h',
      async run({ signal }) {
        let deleted = 0
        const failed: unknown[] = []
        for (const { id } of await listDueAccounts(db, ACCOUNTS_PER_RUN)) {
          if (signal.aborted) break
          try {
            const account = await lockAccount(db, id, { onlyIfDue: true })
            if (!account) continue
            await deleteNow(account)
            deleted++
          } catch (err) {
            // The accounts after this one are deleted all the same, and the run fails in the end.
            log.error({ err, reader: id.toString() }, 'an account was not deleted')
            failed.push(err)
          }
        }
        if (failed.length > 0) throw new AggregateError(failed, `${failed.length} accounts were not deleted, ${deleted} were`)
        return { deleted }
      },
    } satisfies Job as Job,
  }
}

const deletedNameOf = (id: ReaderId) => `已注销${id}`
