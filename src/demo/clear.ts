// Removes the demo world: its rows, what real readers did to them, and what demo readers did to anything. Real rows stay,
// with what they depend on. An interrupted run may be repeated.

import type { Log } from '../base/log.ts'
import { readerKeySql } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import { withDemoLock } from './advisory-lock.ts'
import {
  deleteRows,
  type ForeignKey,
  keepReferencedRows,
  listForeignKeys,
  listRowLocations,
  listViewerTables,
  markUnfinished,
  withdrawArticles,
} from './clear.sql.ts'
import { addRows, type DemoRowCounts, emptyCounts } from './counts.ts'

const BATCH = 500 // rows per transaction: some 20 ms

const demoIds = (table: string) => `select id from ${table} where origin = 'demo'`

// An article is never deleted because of its author or channel: a real article makes both real (keepReferencedRows).
const isCascaded = ({ child, parent }: ForeignKey) => child !== 'article' || (parent !== 'reader' && parent !== 'channel')

// Readers may be active during clearing. Articles are withdrawn first. A like that was under way can still arrive after an
// article's likes are deleted and before the article is; then clearing starts again.
const ATTEMPTS_MAX = 5
const FOREIGN_KEY_VIOLATION = '23503'

/** Returns the counts of removed rows, and of rows kept because real rows depend on them. */
export function clearDemo({ db, log }: { db: Db; log: Log }): Promise<DemoRowCounts> {
  return withDemoLock(db, () => clearRows(db, log))
}

/** As `clearDemo`, for callers that hold the lock. */
export async function clearRows(db: Db, log: Log): Promise<DemoRowCounts> {
  const startedAt = performance.now()
  const counts = emptyCounts()
  const foreignKeys = (await listForeignKeys(db)).filter(isCascaded)
  for (let attempt = 1; ; attempt++) {
    try {
      await clearOnce(db, foreignKeys, counts)
      break
    } catch (err) {
      if ((err as { code?: string }).code !== FOREIGN_KEY_VIOLATION || attempt === ATTEMPTS_MAX) throw err
    }
  }
  log.info({ ...counts.rows, kept: counts.kept, ms: Math.round(performance.now() - startedAt) }, 'demo world cleared')
  return counts
}

async function clearOnce(db: Db, foreignKeys: ForeignKey[], counts: DemoRowCounts): Promise<void> {
  await markUnfinished(db)
  while ((await withdrawArticles(db, BATCH)) > 0);
  const { readers, channels } = await keepReferencedRows(db)
  counts.kept.readers += readers
  counts.kept.channels += channels

  for (const table of await listViewerTables(db)) {
    await remove(table, `viewer in (select ${readerKeySql('id')} from reader where origin = 'demo')`)
  }
  // Pages of real readers on which all articles are the demo's. On mixed pages those drop out, as withdrawn articles do.
  for (const table of ['page', 'shared_list'])
    await remove(table, `cardinality(article_ids) > 0 and article_ids <@ array(${demoIds('article')})`)
  await remove('sms_code', `mobile in (select mobile from reader where origin = 'demo')`)
  for (const table of ['article', 'reader', 'channel']) await remove(table, `origin = 'demo'`)

  /** Deletes the rows of a table that fulfil a condition, after all rows that reference them. */
  async function remove(table: string, condition: string): Promise<void> {
    const selfReference = foreignKeys.find(key => key.child === table && key.parent === table)
    const wholeCondition = selfReference ? withDescendants(selfReference, condition) : condition
    for (const foreignKey of foreignKeys) {
      if (foreignKey.parent === table && foreignKey !== selfReference)
        await remove(foreignKey.child, `${foreignKey.column} in (select ${foreignKey.key} from ${table} where ${wholeCondition})`)
    }
    // Replies go before what they reply to: each round deletes the rows that no row references any more.
    const leaves = selfReference
      ? `${wholeCondition} and not exists (select from ${table} reply where reply.${selfReference.column} = ${table}.${selfReference.key})`
      : wholeCondition
    let locations: string[]
    do {
      locations = await listRowLocations(db, table, leaves)
      for (let i = 0; i < locations.length; i += BATCH)
        addRows(counts, table, await deleteRows(db, table, leaves, locations.slice(i, i + BATCH)))
    } while (selfReference && locations.length > 0)
  }
}

/** Extends a condition to all rows that reference the matching rows within the same table, at any depth. */
function withDescendants({ child, column, key }: ForeignKey, condition: string): string {
  return `${key} in (with recursive found (id) as (
    select ${key} from ${child} where ${condition} union select t.${key} from ${child} t join found on t.${column} = found.id
  ) select id from found)`
}
