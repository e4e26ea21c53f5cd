// What is counted now and then rather than kept up: in how many articles a word occurs, and which phrases titles are made of.
// Reading takes seconds and blocks no other query. Writing happens in small transactions, and only of what has changed.

import type { Db } from '../database/database.ts'
import type { Segmenter } from './analysis/segmenter.ts'
import { createLearning } from './learn-phrases.ts'
import type { Slot } from './postgres/entries.sql.ts'
import { dropPhrases, liveTitles, phrasesOfKinds } from './postgres/phrases.sql.ts'
import { countedTerms, dropTerms, knownTerms, putTerms } from './postgres/terms.sql.ts'
import type { Phrase, SearchEngine } from './search.ts'

/** Rows of a transaction: some milliseconds. */
const BATCH = 500
/** Newer titles say what is talked of; these take some seconds. */
const TITLES_MAX = 200_000
/** What readers search for changes less than how often exactly a word occurs. */
const CHANGE_MIN = 0.1

export async function refreshTerms(db: Db, slot: Slot): Promise<{ terms: number }> {
  const [counted, known] = [await countedTerms(db, slot), await knownTerms(db)]
  const changed = [...counted].filter(([term, docs]) => Math.abs(docs - (known.get(term) ?? 0)) > CHANGE_MIN * (known.get(term) ?? 0))
  const gone = [...known.keys()].filter(term => !counted.has(term))
  for (const some of batches(changed)) await putTerms(db, some)
  for (const some of batches(gone)) await dropTerms(db, some)
  return { terms: counted.size }
}

export async function refreshPhrases(
  db: Db,
  { slot, segmenter, engines, named }: { slot: Slot; segmenter: Segmenter; engines: SearchEngine[]; named: Phrase[] },
): Promise<{ phrases: number }> {
  const learning = createLearning(segmenter)
  for await (const title of liveTitles(db, slot, TITLES_MAX)) learning.add(title)
  const phrases = [...learning.phrases(), ...named]
  const known = new Map(
    (await phrasesOfKinds(db, ['word', 'pair', 'keyword', 'author', 'channel'])).map(row => [`${row.kind} ${row.phrase}`, row]),
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
      await dropPhrases(
        db,
        some.map(row => row.phrase),
        kind,
      )
  return { phrases: phrases.length }
}

function* batches<T>(items: T[]): Generator<T[]> {
  for (let i = 0; i < items.length; i += BATCH) yield items.slice(i, i + BATCH)
}
