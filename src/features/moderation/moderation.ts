// Checks what people write against the sensitive words, before it is stored. Of several words the strictest action counts:
// `block` refuses the text, `review` holds it until an editor has seen it, `mask` writes asterisks.

import type { ReaderId } from '../../base/id.ts'
import { invalid } from '../../base/problem.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { findInSlices } from '../../engines/words/find-in-slices.ts'
import { readHtmlText } from '../../engines/words/html-text.ts'
import { maskRanges } from '../../engines/words/mask.ts'
import type { WordMatch } from '../../engines/words/word-matcher.ts'
import type { ListedWord, LoadedWords, WordList } from './word-list.ts'
import { WORD_ACTIONS, type WordAction } from './words.schema.ts'
import { insertHit } from './words.sql.ts'

export type Moderation = ReturnType<typeof createModeration>

export interface Verdict {
  /** Undefined: nothing was found. */
  action: WordAction | undefined
  words: ListedWord[]
  excerpt: string
}

const NOTHING: Verdict = { action: undefined, words: [], excerpt: '' }
const EXCERPT_BEFORE = 40
const EXCERPT_MAX = 200
/** An author who is told of ten words has understood. */
const NAMED_MAX = 10

export function createModeration({ db, wordList }: { db: Db; wordList: WordList }) {
  function judge({ words }: LoadedWords, text: string, matches: WordMatch[]): Verdict {
    const first = matches[0]
    if (!first) return NOTHING
    const found = [...new Set(matches.map(match => words[match.word] as ListedWord))]
    return {
      action: WORD_ACTIONS.find(action => found.some(word => word.action === action)),
      words: found,
      excerpt: excerptAt(text, Math.max(0, first.from - EXCERPT_BEFORE)),
    }
  }

  const masking = ({ words }: LoadedWords, matches: WordMatch[]) => matches.filter(match => words[match.word]?.action === 'mask')

  function refusal(verdict: Verdict, field?: string) {
    const words = verdict.words.slice(0, NAMED_MAX).map(({ word }) => word)
    return invalid(`The text contains words that are not allowed here: ${words.join('、')}`, { reason: 'words', words, field })
  }

  const record = (
    verdict: Verdict,
    hit: { subject: 'article' | 'comment' | 'profile' | 'message'; subjectId: bigint | null; readerId: ReaderId; action: WordAction },
    into: Db | Tx = db,
  ) => insertHit(into, { ...hit, wordIds: verdict.words.map(({ id }) => id), excerpt: verdict.excerpt })

  /** Throws `invalid`, and notes it, if a word demands it. */
  async function refuseBlocked(
    verdict: Verdict,
    subject: 'article' | 'comment' | 'profile' | 'message',
    readerId: ReaderId,
  ): Promise<void> {
    if (verdict.action !== 'block') return
    const refused = { ...verdict, words: verdict.words.filter(word => word.action === 'block') }
    await record(verdict, { subject, subjectId: null, readerId, action: 'block' })
    throw refusal(refused)
  }

  return {
    /** Finds words in a text without doing anything about it. */
    async find(text: string) {
      const loaded = await wordList.get()
      const matches = loaded.matcher.find(text)
      const found = matches.map(({ word, from, to }) => ({ ...(loaded.words[word] as ListedWord), from, to }))
      return { ...judge(loaded, text, matches), matches: found, masked: maskRanges(text, masking(loaded, matches)) }
    },

    /** Words in the title and the text of an article, for those who review it. */
    async findInArticle(title: string, html: string): Promise<Verdict> {
      const loaded = await wordList.get()
      const text = `${title}\n${(await readHtmlText(html)).text}`
      return judge(loaded, text, await findInSlices(loaded.matcher, text))
    },

    /**
     * Returns the article as it is to be stored, and `note`, which is called with its id. Every article waits for a review, so
     * `review` only leads editors to the words.
     */
    async checkArticle(readerId: ReaderId, { title, html }: { title: string; html: string }) {
      const loaded = await wordList.get()
      const content = await readHtmlText(html)
      const [inTitle, inText] = [loaded.matcher.find(title), await findInSlices(loaded.matcher, content.text)]
      const offset = title.length + 1
      const shifted = inText.map(match => ({ ...match, from: match.from + offset, to: match.to + offset }))
      const verdict = judge(loaded, `${title}\n${content.text}`, [...inTitle, ...shifted])
      await refuseBlocked(verdict, 'article', readerId)
      const { action } = verdict
      return {
        title: maskRanges(title, masking(loaded, inTitle)),
        html: maskRanges(html, masking(loaded, inText), content.places),
        note: async (subjectId: bigint) => action && (await record(verdict, { subject: 'article', subjectId, readerId, action })),
      }
    },

    /** As `checkArticle`, with a `note` only if words were found, for the transaction that stores the comment. A comment that is `held` is hidden until an editor has approved it. */
    async checkComment(readerId: ReaderId, content: string) {
      const loaded = await wordList.get()
      const matches = loaded.matcher.find(content)
      const verdict = judge(loaded, content, matches)
      await refuseBlocked(verdict, 'comment', readerId)
      const { action } = verdict
      return {
        content: maskRanges(content, masking(loaded, matches)),
        held: action === 'review',
        note: action && ((tx: Tx, subjectId: bigint) => record(verdict, { subject: 'comment', subjectId, readerId, action }, tx)),
      }
    },

    /** For names and the like, which everybody sees at once: any word is refused. Of somebody who is no reader yet nothing is noted. */
    async checkProfile(readerId: ReaderId | undefined, text: string, field: string): Promise<void> {
      const loaded = await wordList.get()
      const verdict = judge(loaded, text, loaded.matcher.find(text))
      if (!verdict.action) return
      if (readerId) await record(verdict, { subject: 'profile', subjectId: null, readerId, action: 'block' })
      throw refusal(verdict, field)
    },

    /** For messages, which wait for no editor: what would be held is masked as well. Returns the text to send. */
    async checkMessage(readerId: ReaderId, text: string): Promise<string> {
      const loaded = await wordList.get()
      const matches = loaded.matcher.find(text)
      const verdict = judge(loaded, text, matches)
      if (!verdict.action) return text
      await refuseBlocked(verdict, 'message', readerId)
      await record(verdict, { subject: 'message', subjectId: null, readerId, action: 'mask' })
      return maskRanges(text, matches)
    },
  }
}

/** Characters, not UTF-16 units: a pair is not cut. */
const excerptAt = (text: string, at: number) =>
  Array.from(text.slice(at, at + 2 * EXCERPT_MAX))
    .slice(0, EXCERPT_MAX)
    .join('')
    .toWellFormed()
