// Takes the demo world away: its rows, what real readers did to them and what demo readers did to anything. Whatever is
// real stays, with what it depends on. It can be stopped anywhere and run again.

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

const BATCH = 500 // rows a transaction: some 20 ms

const demo = (table: string) => `select id from ${table} where origin = 'demo'`

// An article is never deleted because of its author or channel: a real one makes them real instead (adopt).
const followed = ({ child, parent }: ForeignKey) => child !== 'article' || (parent !== 'reader' && parent !== 'channel')

// People may be reading while this runs. Articles are withdrawn first; a like that was on its way can still arrive between
// the likes of an article being deleted and the article itself, and makes us begin again.
const TRIES = 5
const FOREIGN_KEY = '23503'

/** Returns what it took away, and how many rows it kept because something real depends on them. */
export function clearDemo({ db, log }: { db: Db; log: Log }): Promise<DemoRowCounts> {
  return withDemoLock(db, () => clearRows(db, log))
}

export async function clearRows(db: Db, log: Log): Promise<DemoRowCounts> {
  const started = performance.now()
  const counts = emptyCounts()
  const edges = (await listForeignKeys(db)).filter(followed)
  for (let tries = 1; ; tries++) {
    try {
      await clear(db, edges, counts)
      break
    } catch (err) {
      if ((err as { code?: string }).code !== FOREIGN_KEY || tries === TRIES) throw err
    }
  }
  log.info({ ...counts.rows, kept: counts.kept, ms: Math.round(performance.now() - started) }, 'demo world cleared')
  return counts
}

async function clear(db: Db, edges: ForeignKey[], counts: DemoRowCounts): Promise<void> {
  await markUnfinished(db)
  while ((await withdrawArticles(db, BATCH)) > 0);
  const { readers, channels } = await keepReferencedRows(db)
  counts.kept.readers += readers
  counts.kept.channels += channels

  for (const table of await listViewerTables(db)) {
    await remove(table, `viewer in (select ${readerKeySql('id')} from reader where origin = 'demo')`)
  }
  // Pages of others with nothing but demo articles on them. On mixed ones the demo's drop out, like any withdrawn article.
  for (const table of ['page', 'shared_list'])
    await remove(table, `cardinality(article_ids) > 0 and article_ids <@ array(${demo('article')})`)
  await remove('sms_code', `mobile in (select mobile from reader where origin = 'demo')`)
  for (const table of ['article', 'reader', 'channel']) await remove(table, `origin = 'demo'`)

  /** Deletes the rows of a table that fulfil a condition, and before them every row that points at one of them. */
  async function remove(table: string, condition: string): Promise<void> {
    const self = edges.find(edge => edge.child === table && edge.parent === table)
    const whole = self ? withAnswers(self, condition) : condition
    for (const edge of edges) {
      if (edge.parent === table && edge !== self)
        await remove(edge.child, `${edge.column} in (select ${edge.key} from ${table} where ${whole})`)
    }
    // Answers before what they answer: each round takes the rows that nothing points at any more.
    const due = self ? `${whole} and not exists (select from ${table} answer where answer.${self.column} = ${table}.${self.key})` : whole
    let places: string[]
    do {
      places = await listRowLocations(db, table, due)
      for (let i = 0; i < places.length; i += BATCH) addRows(counts, table, await deleteRows(db, table, due, places.slice(i, i + BATCH)))
    } while (self && places.length > 0)
  }
}

/** A condition for the rows that fulfil another, and for all that point at them within their table, however deep. */
function withAnswers({ child, column, key }: ForeignKey, condition: string): string {
  return `${key} in (with recursive gone (id) as (
    select ${key} from ${child} where ${condition} union select t.${key} from ${child} t join gone on t.${column} = gone.id
  ) select id from gone)`
}
