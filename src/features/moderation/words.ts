// The list of sensitive words, as administrators keep it.

import { setImmediate as nextTurn } from 'node:timers/promises'
import { changedFields } from '../../base/changed-fields.ts'
import { type Clock, DAY } from '../../base/clock.ts'
import { conflict, forbidden, invalid, type Problem } from '../../base/problem.ts'
import { isLonger, normalizeLine } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { findInSlices } from '../../engines/words/find-in-slices.ts'
import { foldedText } from '../../engines/words/fold.ts'
import { readHtmlText } from '../../engines/words/html-text.ts'
import { createWordMatcher, type WordToFind } from '../../engines/words/word-matcher.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { FOLDED_MIN, WORD_MAX } from './word-limits.ts'
import type { WordImport } from './words.schema.ts'
import {
  deleteWord,
  deleteWordByText,
  findWord,
  insertWords,
  listPublishedTexts,
  listWords,
  readWords,
  type SensitiveWord,
  updateWord,
  type WordInput,
} from './words.sql.ts'

export type Words = ReturnType<typeof createWords>

/** A word that stands in every tenth article is no sensitive word but a mistake: it would hold back the whole site. */
const SHARE_MAX = 0.1
const SAMPLE = 500
const SAMPLE_MIN = 50 // with fewer articles a share says nothing
const DRY_RUN_ARTICLES_MAX = 10_000
/** Then it stops: `scanned` says how far it came. */
const DRY_RUN_MS = 20_000
const SAMPLES_SHOWN = 5
const PAGE = 100 // some 300 kB of text, which take ten milliseconds

export interface WordsNeeds {
  db: Db
  clock: Clock
  operationLog: OperationLog
}

export interface DryRunResult {
  word: string
  articles: number
  samples: { id: bigint; title: string }[]
}

const alreadyListed = (word: string) => forbidden(`${word} already exists`, { reason: 'listed' })

export function createWords({ db, clock, operationLog }: WordsNeeds) {
  /** Calls `onHit` for each word in each of the newest articles. Returns how many articles there were. */
  async function scanPublished(
    words: WordToFind[],
    { since, max, until = Number.POSITIVE_INFINITY }: { since: Date; max: number; until?: number },
    onHit: (word: number, article: { id: bigint; title: string }) => void,
  ): Promise<number> {
    const matcher = createWordMatcher(words)
    let [scanned, after] = [0, null as bigint | null]
    while (scanned < max && clock() < until) {
      const texts = await listPublishedTexts(db, { since, after, limit: Math.min(PAGE, max - scanned) })
      for (const { id, title, html } of texts) {
        const matches = await findInSlices(matcher, `${title}\n${(await readHtmlText(html)).text}`)
        for (const word of new Set(matches.map(match => match.word))) onHit(word, { id, title })
      }
      scanned += texts.length
      const last = texts.at(-1)
      if (!last || texts.length < PAGE) break
      after = last.id
      await nextTurn() // requests of readers go first
    }
    return scanned
  }

  function normalize({ word: typed, ...rest }: WordInput): WordInput {
    const word = normalizeLine('word', typed, WORD_MAX)
    if (!isLonger(foldedText(word), FOLDED_MIN - 1))
      throw invalid(`${word} would match nearly everything: a word has at least ${FOLDED_MIN} letters`, { reason: 'too-short' })
    return { ...rest, word }
  }

  async function requireRare({ word, by_sound }: WordInput): Promise<void> {
    let hits = 0
    const since = new Date(0)
    const scanned = await scanPublished([{ word, bySound: by_sound }], { since, max: SAMPLE }, () => hits++)
    if (scanned >= SAMPLE_MIN && hits > scanned * SHARE_MAX)
      throw invalid(`${word} would match nearly everything: it stands in ${hits} of the newest ${scanned} articles`, {
        reason: 'too-common',
      })
  }

  let isDryRunning = false

  /** The words of the list, by what they are when they are looked for: `赌 博` is `赌博`. */
  async function readFolded(): Promise<Map<string, { id: number; word: string }>> {
    return new Map((await readWords(db)).map(listed => [foldedText(listed.word), listed]))
  }

  async function requireNew({ word }: WordInput, id?: number): Promise<void> {
    const same = (await readFolded()).get(foldedText(word))
    if (same && same.id !== id) throw alreadyListed(same.word)
  }

  async function get(id: number, tx?: Tx): Promise<SensitiveWord> {
    const found = await findWord(tx ?? db, id, { lock: tx !== undefined })
    if (!found) throw forbidden(`${id} is not exists`, { reason: 'gone' })
    return found
  }

  return {
    list: (word: string | undefined, page: AdminPage) => listWords(db, word, page),
    get: (id: number) => get(id),

    async create(operator: Operator, given: WordInput): Promise<SensitiveWord> {
      const input = normalize(given)
      await requireNew(input)
      await requireRare(input)
      return operationLog.change(operator, async (tx, note) => {
        const [created] = await insertWords(tx, [input])
        if (!created) throw alreadyListed(input.word)
        note({ operation: 'add sensitive word', description: input.word, after: input })
        return created
      })
    },

    /** Words that are refused are returned with the reason. */
    async import(operator: Operator, given: WordInput[]): Promise<WordImport> {
      const refused: WordImport['refused'] = []
      const inputs = given.flatMap((input, index) => {
        try {
          return [{ index, ...normalize(input) }]
        } catch (err) {
          const { message, details } = err as Problem
          refused.push({ index, word: input.word, reason: message, rule: details.reason === 'too-short' ? 'too-short' : 'length' })
          return []
        }
      })
      const hits = new Map<number, number>()
      const toFind = inputs.map(({ word, by_sound }) => ({ word, bySound: by_sound }))
      const scanned = await scanPublished(
        toFind,
        { since: new Date(0), max: SAMPLE },
        word => void hits.set(word, (hits.get(word) ?? 0) + 1),
      )
      const isRare = (word: number) => scanned < SAMPLE_MIN || (hits.get(word) ?? 0) <= scanned * SHARE_MAX
      for (const [i, { index, word }] of inputs.entries())
        if (!isRare(i))
          refused.push({ index, word, reason: `it stands in ${hits.get(i)} of the newest ${scanned} articles`, rule: 'too-common' })
      const rare = inputs.filter((_, i) => isRare(i))
      const listed = new Set((await readFolded()).keys())
      const wanted = rare.filter(({ word }) => {
        const folded = foldedText(word)
        return !listed.has(folded) && listed.add(folded)
      })
      let added = 0
      // A statement of 500 rows takes some ten milliseconds.
      for (let i = 0; i < wanted.length; i += 500)
        await operationLog.change(operator, async (tx, note) => {
          const created = await insertWords(tx, wanted.slice(i, i + 500))
          added += created.length
          if (created.length > 0)
            note({
              operation: 'import sensitive words',
              description: `${created.length} words`,
              after: { words: created.map(({ word }) => word) },
            })
        })
      return { added, unchanged: rare.length - added, refused }
    },

    async update(operator: Operator, id: number, change: Partial<WordInput>): Promise<SensitiveWord> {
      const given = Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined))
      const merge = ({ word, weights, action, by_sound }: WordInput) => normalize({ word, weights, action, by_sound, ...given })
      const seen = await get(id)
      const wanted = merge(seen)
      if (wanted.word !== seen.word) await requireNew(wanted, id)
      // Before the transaction: it reads hundreds of articles.
      if (wanted.word !== seen.word || wanted.by_sound) await requireRare(wanted)
      await operationLog.change(operator, async (tx, note) => {
        const before = await get(id, tx)
        const input = merge(before)
        if (input.word !== wanted.word || input.by_sound !== wanted.by_sound)
          throw conflict('Another administrator has changed this word. Please look at it again.')
        if ((await updateWord(tx, id, input)) === 'taken') throw alreadyListed(input.word)
        note({ operation: 'change sensitive word', description: before.word, ...changedFields<WordInput>(before, input) })
      })
      return get(id)
    },

    async remove(operator: Operator, id: number): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        const before = await get(id, tx)
        await deleteWord(tx, id)
        note({ operation: 'delete sensitive word', description: before.word, before })
      })
    },

    /** False if there is no such word. */
    async removeByText(operator: Operator, word: string): Promise<boolean> {
      return operationLog.change(operator, async (tx, note) => {
        if (!(await deleteWordByText(tx, word))) return false
        note({ operation: 'delete sensitive word', description: word, before: { word } })
        return true
      })
    },

    /** What words would have found in the articles of the last days that readers see now. One at a time: it takes a core for seconds. */
    async dryRun(given: WordToFind[], days: number): Promise<{ scanned: number; results: DryRunResult[] }> {
      const results: DryRunResult[] = given.map(({ word }) => ({ word, articles: 0, samples: [] }))
      if (isDryRunning) throw conflict('A dry run is under way. Please wait until it has ended.')
      isDryRunning = true
      try {
        const now = clock()
        const range = { since: new Date(now - days * DAY), max: DRY_RUN_ARTICLES_MAX, until: now + DRY_RUN_MS }
        const scanned = await scanPublished(given, range, (index, article) => {
          const result = results[index] as DryRunResult
          if (result.articles++ < SAMPLES_SHOWN) result.samples.push(article)
        })
        return { scanned, results }
      } finally {
        isDryRunning = false
      }
    },
  }
}
