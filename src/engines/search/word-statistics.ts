// Counts in how many articles each word occurs, and collects the phrases of titles. A job repeats it, because keeping both
// current would cost each write. Reading takes seconds and blocks nothing. Only what has changed is written, in small batches.

import type { Db } from '../database/database.ts'
import type { Segmenter } from './analysis/segmenter.ts'
import { createLearning } from './learn-phrases.ts'
import type { Slot } from './postgres/entries.sql.ts'
import { deletePhrases, listPhrases, readTitles } from './postgres/phrases.sql.ts'
import { countTerms, deleteTerms, listTerms, putTerms } from './postgres/terms.sql.ts'
import type { Phrase, SearchEngine } from './search.ts'

/** Rows of a transaction: some milliseconds. */
const BATCH = 500
/** The newest titles; reading them takes some seconds. */
const TITLES_MAX = 200_000
/** Smaller changes of a number do not change an order noticeably. */
const CHANGE_MIN = 0.1

export async function refreshTerms(db: Db, slot: Slot): Promise<{ terms: number }> {
  const [counted, known] = [await countTerms(db, slot), await listTerms(db)]
  const changed = [...counted].filter(([term, docs]) => Math.abs(docs - (known.get(term) ?? 0)) > CHANGE_MIN * (known.get(term) ?? 0))
  const gone = [...known.keys()].filter(term => !counted.has(term))
  for (const some of batches(changed)) await putTerms(db, some)
  for (const some of batches(gone)) await deleteTerms(db, some)
  return { terms: counted.size }
}

export async function refreshPhrases(
  db: Db,
  { slot, segmenter, engines, named }: { slot: Slot; segmenter: Segmenter; engines: SearchEngine[]; named: Phrase[] },
): Promise<{ phrases: number }> {
  const learning = createLearning(segmenter)
  for await (const title of readTitles(db, slot, TITLES_MAX)) learning.add(title)
  const phrases = [...learning.phrases(), ...named]
  const known = new Map(
    (await listPhrases(db, ['word', 'pair', 'keyword', 'author', 'channel'])).map(row => [`${row.kind} ${row.phrase}`, row]),
  )
  const changed = phrases.filter(phrase => {
    const before = known.get(`${phrase.kind} ${phrase.text}`)
    known.delete(`${phrase.kind} ${phrase.text}`)
    return !before || Math.abs(before.weight - phrase.weight) > CHANGE_MIN * before.weight
  })
  for (const some of batches(changed)) for (const engine of engines) await engine.put({ phrases: some })
  const byKind = Map.groupBy(known.values(), row => row.kind)
  for (const [kind, rows] of byKind)
    for (const some of batches(rows))
      await deletePhrases(
        db,
        some.map(row => row.phrase),
        kind,
      )
  return { phrases: phrases.length }
}

function* batches<T>(items: T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH)
}
