// The built-in provider: answers from the site's own search, feed and rows.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { languageOf } from '../../base/language.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import { findOfferedIds } from '../../engines/database/visible.sql.ts'
import type { Search } from '../search/search.ts'
import { collectedBy, listByName, listFollowed, listNewest, listOwn, listTitles, readBy, type Span } from './assistant.sql.ts'
import type { Days } from './days.ts'
import type { Answer, FoundArticle, Provider, Question } from './provider.ts'
import { type Request, readQuestion } from './question.ts'
import { wordsOf } from './replies.ts'
import type { NamedChannel } from './topics.ts'

export interface BuiltInNeeds {
  db: Db
  counters: Counters
  find: Search['find']
  listChannels: () => Promise<NamedChannel[]>
  /** The ids of a page of the viewer's feed. */
  recommend: (viewer: Viewer, channelId: ChannelId, count: number) => Promise<ArticleId[]>
  localTime: (at: Date) => string
}

/** As many as fit on a phone, each with its link. */
const SHOWN = 5
/** A page of the feed, of which those in the language of the question are shown. */
const FEED_PAGE = 10
/** Some may be turned off by the viewer. */
const READ_MAX = 20
/** Of the newest, those that were read most. */
const POPULAR_OF = 200

export function createBuiltIn({ db, counters, find, listChannels, recommend, localTime }: BuiltInNeeds): Provider {
  const today = (at: number) => localTime(new Date(at)).slice(0, 10)

  /** Midnight of the time zone. */
  function midnight(day: string): Date {
    const utc = Date.parse(`${day}T00:00:00Z`)
    return new Date(2 * utc - Date.parse(`${localTime(new Date(utc))}Z`))
  }
  const spanOf = (days: Days | undefined): Span | undefined => days && { begin: midnight(days.begin), end: midnight(days.end) }

  /** Those that the viewer has not turned off, as many as are shown. */
  async function offer(viewer: Viewer, articles: FoundArticle[], channelId?: ChannelId): Promise<FoundArticle[]> {
    const viewerKey = viewerKeyOf(viewer)
    const ids = articles.map(({ id }) => id)
    const offered = viewerKey === undefined || ids.length === 0 ? undefined : await findOfferedIds(db, ids, viewerKey, channelId)
    return articles.filter(({ id }) => !offered || offered.has(id)).slice(0, SHOWN)
  }

  async function answerNews(question: Question, request: Request & { kind: 'news' }, channels: NamedChannel[]): Promise<Answer> {
    const { viewer, language } = question
    const { order, channels: named, days } = request
    const words = wordsOf(language)
    const isReadable = ({ title }: FoundArticle) => languageOf(title) === language
    const name = named.length > 0 ? named.map(channel => channel.name).join(words.and) : undefined
    if (order === 'recommended' && !days && named.length < 2) {
      const recommended = await listTitles(db, await recommend(viewer, named[0]?.id ?? 0, FEED_PAGE))
      // A page of a reader of another language may have none: then those that most people have read.
      const articles = recommended.filter(isReadable).slice(0, SHOWN)
      if (articles.length > 0) return { text: words.recommended, articles }
    }
    const reader = readerOf(viewer)
    const listOf = async (channel: NamedChannel | undefined, span: Span | undefined) => {
      // A channel has its language; of all channels the question's is wanted.
      const wanted = { reader, channelIds: (channel ? [channel] : channels).map(({ id }) => id), language: channel ? undefined : language }
      const newest = await listNewest(db, { ...wanted, span, limit: order === 'newest' ? READ_MAX : POPULAR_OF })
      return offer(viewer, order === 'newest' ? newest : await byReads(newest), channel?.id)
    }
    /** Of several channels in turn. */
    const list = async (span: Span | undefined) => {
      const lists = await Promise.all((named.length > 0 ? named : [undefined]).map(channel => listOf(channel, span)))
      return Array.from({ length: SHOWN }, (_, i) => lists.flatMap(articles => articles[i] ?? []))
        .flat()
        .slice(0, SHOWN)
    }
    const articles = await list(spanOf(days))
    const foreign = articles.some(isReadable) ? '' : words.foreign
    if (articles.length > 0) return { text: `${foreign}${(order === 'newest' ? words.newest : words.popular)(name, days)}`, articles }
    const others = days ? await list(undefined) : []
    if (others.length === 0) return { text: words.noNews(name, days), articles: [] }
    return { text: `${words.noNews(name, days)}${words.newestInstead(name)}`, articles: others }
  }

  async function byReads(articles: FoundArticle[]): Promise<FoundArticle[]> {
    const count = await counters.read(
      ['article.reads'],
      articles.map(({ id }) => id),
      { kind: 'anonymous' },
    )
    return articles.toSorted((a, b) => count(b.id, 'article.reads') - count(a.id, 'article.reads'))
  }

  async function look(question: Question, words: string, { channelId, days }: { channelId?: ChannelId; days?: Days } = {}) {
    const span = spanOf(days)
    const filters = { channelId, after: span?.begin.getTime(), before: span && span.end.getTime() - 1 }
    const found = await find(readerOf(question.viewer), words, { now: question.at, limit: READ_MAX, filters })
    const isExact = found.allWordsCount > 0
    const ids = isExact ? found.ids.slice(0, found.allWordsCount) : found.ids
    const articles = await offer(question.viewer, await listTitles(db, ids))
    return { articles, instead: found.instead, isExact: isExact && articles.length > 0 }
  }

  async function answerAbout(question: Question, request: Request & { kind: 'about' }): Promise<Answer> {
    const { words: asked, whole, name, channel, days, isSure } = request
    const words = wordsOf(question.language)
    const { articles, isExact } = await look(question, whole, { days })
    if (isExact) return { text: words.about(whole, days), articles }
    if (channel) {
      const inChannel = await look(question, asked, { channelId: channel.id, days })
      if (inChannel.isExact) return { text: words.about(asked, days), articles: inChannel.articles }
    }
    const anyDay = await look(question, whole)
    if (days && anyDay.isExact) return { text: words.otherDays(whole, days), articles: anyDay.articles }
    // Later than the articles: anyone may take a common word as their name.
    const author = anyDay.isExact ? undefined : await describeAuthor(question, name)
    if (author) return author
    const { instead } = anyDay
    const isSpelling = instead !== undefined && question.language === 'en' // pinyin, or a mistake
    // The words of a question that does not ask for articles are in some by chance.
    if (anyDay.articles.length === 0 || !(isSure || isSpelling))
      return { text: isSure ? words.nothing(whole, days) : words.unknown, articles: [] }
    return { text: instead === undefined ? words.nearly(whole) : words.rephrased(whole, instead), articles: anyDay.articles }
  }

  /** Undefined if no author has this name. */
  async function describeAuthor(question: Question, name: string): Promise<Answer | undefined> {
    const written = await listByName(db, readerOf(question.viewer), name, READ_MAX)
    const [first] = written
    return first && { text: wordsOf(question.language).author(first.name), articles: await offer(question.viewer, written) }
  }

  async function answerAuthor(question: Question, name: string): Promise<Answer> {
    const words = wordsOf(question.language)
    const author = await describeAuthor(question, name)
    if (author) return author
    const { articles, isExact } = await look(question, name)
    return isExact ? { text: words.noAuthor(name), articles } : { text: words.unknownName(name), articles: [] }
  }

  async function answerOwn(
    question: Question,
    { kind, days, isNarrowed }: Request & { kind: 'read' | 'collected' | 'followed' },
  ): Promise<Answer> {
    const words = wordsOf(question.language)
    const reader = readerOf(question.viewer)
    if (reader === undefined) return { text: words.signIn, articles: [], isPrivate: true }
    const span = spanOf(days)
    const [articles, some, none] = {
      read: [() => listOwn(db, readBy(reader), span, SHOWN), words.read, words.nothingRead],
      collected: [() => listOwn(db, collectedBy(reader), span, SHOWN), words.collected, words.nothingCollected],
      followed: [() => listFollowed(db, reader, span, SHOWN), words.followed, words.nothingFollowed],
    }[kind] as [() => Promise<FoundArticle[]>, typeof words.read, typeof words.read]
    const found = await articles()
    const text = (found.length > 0 ? some : none)(days)
    return { text: isNarrowed ? `${words.notNarrowed}${text}` : text, articles: found, isPrivate: true }
  }

  return {
    async answer(question) {
      const words = wordsOf(question.language)
      const channels = await listChannels()
      const request = readQuestion(question.text, { channels, today: today(question.at) })
      switch (request.kind) {
        case 'news':
          return answerNews(question, request, channels)
        case 'about':
          return answerAbout(question, request)
        case 'author':
          return answerAuthor(question, request.name)
        case 'read':
        case 'collected':
        case 'followed':
          return answerOwn(question, request)
        case 'own':
          return { text: words.own, articles: [], isPrivate: true }
        case 'date':
          return { text: words.date(localTime(new Date(question.at)).slice(0, 16).replace('T', ' ')), articles: [] }
        case 'channels':
          return { text: words.channels(channels.map(({ name }) => name)), articles: [] }
        default:
          return { text: words[request.kind], articles: [] }
      }
    },
  }
}

const readerOf = (viewer: Viewer): ReaderId | undefined => (viewer.kind === 'reader' ? viewer.id : undefined)
