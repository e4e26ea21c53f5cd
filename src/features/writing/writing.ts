// The one writer of articles: the studio uses it directly, imports and the demo by `insertArticles`. An article that its author submits waits for
// a review (review.ts); until it is approved no reader sees it, no search finds it and nothing counts it.

import { LISTED_STATUSES } from '../../base/article-status.ts'
import { type Clock, DAY } from '../../base/clock.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import type { Log } from '../../base/log.ts'
import type { PictureAddresses } from '../../base/picture-addresses.ts'
import { conflict, invalid, Problem } from '../../base/problem.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'
import type { Moderation } from '../moderation/moderation.ts'
import type { CleanedHtml, CleanHtml } from './clean-html.ts'
import { AUTO_COVER, type CoverInput, notUploaded, parseCover, toCover } from './cover.ts'
import type { Fingerprint, FingerprintOf } from './fingerprint.ts'
import { findSimilar } from './near-duplicates.sql.ts'
import { addRevision, deleteAutosave } from './revisions.sql.ts'
import { AUTHOR_TRANSITIONS, NEW_STATUS } from './transitions.ts'
import {
  changeOwnStatus,
  channelExists,
  findMissingPictures,
  findOwnArticle,
  insertArticles,
  type OwnArticle,
  ownArticleExists,
  readVersion,
  setAllowComment,
  updateArticle,
} from './writing.sql.ts'

export type Writing = ReturnType<typeof createWriting>

export interface Needs {
  db: Db
  newId: () => bigint
  clock: Clock
  cleanHtml: CleanHtml
  pictures: PictureAddresses
  fingerprintOf: FingerprintOf
  /** Sensitive words. A draft is not checked: only its author sees it. */
  checkArticle: Moderation['checkArticle']
  saveLimiter: RateLimiter
  log: Log
}

export interface ArticleInput {
  title: string
  content: string
  cover: CoverInput
  channelId: ChannelId
  /** Milliseconds since 1970. In the past: as soon as the article is approved. */
  publishAt?: number
}

/** An author who saves every half minute. Each save is a revision, and checks the text. */
export const SAVE_LIMIT: RateLimit = { name: 'article-save', points: 120, seconds: 3_600 }
export const PUBLISH_AT_REFUSAL = 'publish_at must be a date at most a year ahead'
const TITLE_MIN = 5
const TITLE_MAX = 30
/** A plan for later than that is a mistake. */
const SCHEDULE_MAX_MS = 366 * DAY
const NOT_EDITABLE = 'Invalid article.'
const CHANGED = 'The article has been saved elsewhere or reviewed since it was opened.'

export function createWriting({ db, newId, clock, cleanHtml, pictures, fingerprintOf, checkArticle, saveLimiter, log }: Needs) {
  async function parseInput(input: ArticleInput, { draft, before }: { draft: boolean; before: OwnArticle | undefined }) {
    const cleaned = await clean(input.content)
    if (!draft && cleaned.isEmpty) throw invalid('content: the article is empty', { field: 'content', reason: 'empty' })
    const html = pictures.toPaths(cleaned.html)
    const cover = await withoutMissing(parseCover(input.cover, html, before?.cover ?? [], pictures), input.cover, before)
    if (input.channelId !== before?.channel_id && !(await channelExists(db, input.channelId)))
      throw invalid('Invalid channel id.', { field: 'channel_id' })
    return { title: parseTitle(input.title, before), html, cover, channelId: input.channelId, publishAt: parseSchedule(input.publishAt) }
  }

  /** A picture of the text may have been deleted, and then is no cover. One that was chosen must be there, unless it was the cover before. */
  async function withoutMissing(cover: string[], { type }: CoverInput, before: OwnArticle | undefined): Promise<string[]> {
    const added = cover.filter(path => !before?.cover.includes(path))
    if (added.length === 0) return cover
    const missing = new Set(await findMissingPictures(db, added))
    if (missing.size > 0 && type !== AUTO_COVER) throw notUploaded()
    return missing.size > 0 ? toCover(cover.filter(path => !missing.has(path))) : cover
  }

  async function clean(content: string): Promise<CleanedHtml> {
    try {
      return await cleanHtml(content.toWellFormed().replaceAll('\0', ''))
    } catch (err) {
      throw err instanceof Problem && err.kind === 'invalid'
        ? invalid(`content: ${err.message}`, { ...err.details, field: 'content' })
        : err
    }
  }

  /** Throws `invalid` if a word is blocked; masked words are replaced. `note` is to be called once the article is stored. */
  async function checkWords<P extends { title: string; html: string }>(authorId: ReaderId, parsed: P, draft: boolean) {
    if (draft) return { ...parsed, note: undefined }
    return { ...parsed, ...(await checkArticle(authorId, parsed)) }
  }

  function parseSchedule(publishAt: number | undefined): Date | null {
    if (publishAt === undefined || publishAt <= clock()) return null
    if (publishAt > clock() + SCHEDULE_MAX_MS) throw invalid(PUBLISH_AT_REFUSAL, { field: 'publish_at', reason: 'too-far' })
    return new Date(publishAt)
  }

  const assertNotTooOften = (authorId: ReaderId) => takePoint(saveLimiter, String(authorId), 'You have saved very often. Please wait.')

  /** The article is stored. What its words gave rise to is noted; a text that looks like others is only a warning. Neither fails the save. */
  async function finish(
    id: ArticleId,
    authorId: ReaderId,
    { fingerprint, version }: { fingerprint: Fingerprint | null; version: string },
    note?: (id: bigint) => Promise<unknown>,
  ) {
    try {
      await note?.(id)
      return { id, version, similar: fingerprint ? await findSimilar(db, { id, authorId, fingerprint }) : [] }
    } catch (err) {
      log.error({ err, article: id }, 'stored an article without its notes')
      return { id, version, similar: [] }
    }
  }

  return {
    /** Returns the new id, and articles that look nearly the same. `autosave`: where the text was kept so far; it goes. */
    async create(authorId: ReaderId, input: ArticleInput, { draft, autosave }: { draft: boolean; autosave: bigint | undefined }) {
      await assertNotTooOften(authorId)
      const { note, ...parsed } = await checkWords(authorId, await parseInput(input, { draft, before: undefined }), draft)
      const id = newId() as ArticleId
      const fingerprint = fingerprintOf(parsed.title, parsed.html)
      const row = {
        id: String(id),
        author_id: String(authorId),
        channel_id: parsed.channelId,
        title: parsed.title,
        cover: parsed.cover,
        keywords: [],
        status: NEW_STATUS[draft ? 'saveDraft' : 'submit'],
        allow_comment: true,
        source_id: null,
        published_at: new Date(clock()).toISOString(),
        publish_at: parsed.publishAt?.toISOString() ?? null,
        html: parsed.html,
        fingerprint,
      }
      const version = await db.transaction().execute(async tx => {
        await insertArticles(tx, 'studio', [row])
        await addRevision(tx, id)
        if (autosave !== undefined) await deleteAutosave(tx, { authorId, articleId: autosave })
        return readVersion(tx, id)
      })
      return finish(id, authorId, { fingerprint, version }, note)
    },

    /** Throws `conflict` if the article has another version than the given one. */
    async update(authorId: ReaderId, id: ArticleId, input: ArticleInput, { draft, version: base }: { draft: boolean; version?: string }) {
      await assertNotTooOften(authorId)
      const { from, to } = AUTHOR_TRANSITIONS[draft ? 'saveDraft' : 'submit']
      const before = await findOwnArticle(db, { id, authorId, statuses: from })
      if (!before) throw invalid(NOT_EDITABLE, { reason: 'status' })
      if (base !== undefined && base !== before.version) throw conflict(CHANGED)
      const { note, ...parsed } = await checkWords(authorId, await parseInput(input, { draft, before }), draft)
      const fingerprint = fingerprintOf(parsed.title, parsed.html)
      const version = await db.transaction().execute(async tx => {
        const written = await updateArticle(tx, { id, authorId, ...parsed, fingerprint, from, to, version: base })
        if (!written) throw base === undefined ? invalid(NOT_EDITABLE, { reason: 'status' }) : conflict(CHANGED)
        await addRevision(tx, id)
        await deleteAutosave(tx, { authorId, articleId: id })
        return written
      })
      return finish(id, authorId, { fingerprint, version }, note)
    },

    async remove(authorId: ReaderId, id: ArticleId): Promise<void> {
      if (!(await changeOwnStatus(db, { id, authorId, ...AUTHOR_TRANSITIONS.delete }))) throw invalid(NOT_EDITABLE, { reason: 'status' })
    },

    /** Undefined if the author has no such article. */
    get: (authorId: ReaderId, id: ArticleId) => findOwnArticle(db, { id, authorId, statuses: LISTED_STATUSES }),

    exists: (authorId: ReaderId, id: ArticleId) => ownArticleExists(db, { id, authorId, statuses: LISTED_STATUSES }),

    async setAllowComment(authorId: ReaderId, id: ArticleId, allow: boolean): Promise<void> {
      if (!(await setAllowComment(db, id, authorId, allow))) throw invalid('Invalid article status.', { reason: 'not-published' })
    },
  }
}

/** An imported article may have a longer title, which its author may keep. */
function parseTitle(typed: string, before: OwnArticle | undefined): string {
  if (typed === before?.title) return typed
  return normalizeLine('title', typed, TITLE_MAX, TITLE_MIN)
}
