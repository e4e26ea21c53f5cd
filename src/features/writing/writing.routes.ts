import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { parseMoment } from '../../base/iso-time.ts'
import { withAbsoluteImages } from '../../base/picture-addresses.ts'
import { invalid } from '../../base/problem.ts'
import { HTML_BYTES_MAX } from '../../base/sanitize-html.ts'
import { readerOf } from '../../http/access.ts'
import { PagingQuery } from '../../http/paging.ts'
import type { Routes } from '../../http/routes.ts'
import { Bool, Envelope, Id, Int, Optional, Text, TypedText } from '../../http/wire.ts'
import { AUTOSAVE_KEY_PATTERN, AUTOSAVE_KEY_REFUSAL, parseAutosaveKey } from './autosave-key.ts'
import { type OwnArticles, type OwnArticlesQuery, QUERY_MAX } from './own-articles.ts'
import { type EditableArticle, EditableArticle as EditableArticleSchema, OwnArticlePage, SavedArticle } from './writing.schema.ts'
import { PUBLISH_AT_REFUSAL, type Writing } from './writing.ts'

/** Text of the longest article, with every character written as a JSON escape of six. More is refused before it is read. */
const BODY_BYTES_MAX = 6 * HTML_BYTES_MAX
const CHANNEL_MAX = 2 ** 31 - 1
/** Imported titles may be longer than new ones; the rules are in writing.ts. */
const TYPED_TITLE_MAX = 256

/** Microseconds since 1970. */
const VERSION_MAX = 20
/** Longer than any date. */
const DATE_MAX = 40

const Params = Type.Object({ id: Id<ArticleId>() })
/** Our additions, for the studio. `autosave`: where the text was kept so far. `version`: what the author has edited. */
const CreateQuery = Type.Object({
  draft: Optional(Bool()),
  autosave: Optional(Type.String({ pattern: AUTOSAVE_KEY_PATTERN, refusal: AUTOSAVE_KEY_REFUSAL })),
})
const EditQuery = Type.Object({ draft: Optional(Bool()), version: Optional(Text(0, VERSION_MAX)) })
/** `0` is the recommended channel, to which no article is written. */
const ArticleBody = Type.Object({
  title: TypedText(TYPED_TITLE_MAX),
  content: Type.String({ maxLength: HTML_BYTES_MAX }),
  cover: Type.Object({ type: Int(-1, 3), images: Optional(Type.Array(Type.Unknown(), { maxItems: 20 })) }),
  channel_id: Int(1, CHANNEL_MAX, { refusal: 'Invalid channel id.' }),
  publish_at: Optional(Type.Union([Type.String({ format: 'date-time', maxLength: DATE_MAX }), Type.Null()])),
})
type ArticleBody = {
  title: string
  content: string
  cover: { type: number; images?: unknown[] }
  channel_id: number
  publish_at?: string | null
}

const Repeatable = () => Type.Unsafe<string | string[]>({ description: 'one value or several' })
const ListQuery = Type.Object({
  ...PagingQuery,
  status: Optional(Repeatable()),
  channel_id: Optional(Repeatable()),
  begin_pubdate: Optional(Text(0, DATE_MAX)),
  end_pubdate: Optional(Text(0, DATE_MAX)),
  response_type: Optional(Text(0, DATE_MAX)),
  /** Our addition: words of the title. */
  q: Optional(TypedText(QUERY_MAX)),
})
const SearchQuery = Type.Object({ ...PagingQuery, q: TypedText(QUERY_MAX) })
const CommentStatusQuery = Type.Object({ article_id: Id<ArticleId>() })
const CommentStatusBody = Type.Object({ allow_comment: Bool() })
const CommentStatus = Type.Object({ article_id: Id<ArticleId>(), allow_comment: Type.Boolean() })

export interface WritingRoutesNeeds {
  writing: Writing
  ownArticles: OwnArticles
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
  /** `studio` for verified creators, `login` where the contract takes every reader. */
  access: 'studio' | 'login'
}

/** The schema's format also admits the 61st second of a minute, which no clock here shows. */
function parsePublishAt(text: string): number {
  const at = parseMoment(text)
  if (at === undefined) throw invalid(PUBLISH_AT_REFUSAL, { field: 'publish_at' })
  return at
}

export const writingRoutes =
  ({ writing, ownArticles, absoluteUrl, localTime, access }: WritingRoutesNeeds): Routes =>
  async server => {
    const config = { access }
    const ruled = { access, refuses: ['invalid'] } as const
    // The contract's lists for creators have a space in dates, elsewhere a T.
    const listTime = access === 'studio' ? (at: Date) => localTime(at).replace('T', ' ') : localTime

    const toInput = ({ title, content, cover, channel_id, publish_at }: ArticleBody) => ({
      title,
      content,
      cover,
      channelId: channel_id,
      publishAt: publish_at ? parsePublishAt(publish_at) : undefined,
    })

    server.get(
      '/articles',
      { config: ruled, schema: { querystring: ListQuery, response: { 200: Envelope(OwnArticlePage) } } },
      async request => ({
        message: 'OK' as const,
        data: await ownArticles.list(readerOf(request), listQueryOf(request.query), listTime),
      }),
    )

    server.get(
      '/search',
      { config: ruled, schema: { querystring: SearchQuery, response: { 200: Envelope(OwnArticlePage) } } },
      async request => ({
        message: 'OK' as const,
        data: await ownArticles.list(readerOf(request), request.query, listTime),
      }),
    )

    server.get(
      '/articles/:id',
      { config, schema: { params: Params, response: { 200: Envelope(EditableArticleSchema) } } },
      async request => {
        const article = await writing.get(readerOf(request), request.params.id)
        const data: EditableArticle = article
          ? {
              id: article.id,
              title: article.title,
              content: withAbsoluteImages(article.html, absoluteUrl),
              cover: { type: article.cover.length as 0 | 1 | 3, images: article.cover.map(absoluteUrl) },
              channel_id: article.channel_id,
              pubdate: localTime(article.published_at),
              status: article.status,
              publish_at: article.publish_at && article.publish_at.toISOString(),
              reject_reason: article.reject_reason,
              version: article.version,
            }
          : {}
        return { message: 'OK' as const, data }
      },
    )

    const write = { config: { access, refuses: ['invalid', 'conflict', 'too-many'] } as const, bodyLimit: BODY_BYTES_MAX }
    const response = { 201: Envelope(SavedArticle) }
    server.post('/articles', { ...write, schema: { querystring: CreateQuery, body: ArticleBody, response } }, async (request, reply) => {
      const { draft = false, autosave: key } = request.query
      const autosave = key === undefined ? undefined : parseAutosaveKey(key)
      const data = await writing.create(readerOf(request), toInput(request.body), { draft, autosave })
      return reply.code(201).send({ message: 'OK', data })
    })

    server.put(
      '/articles/:id',
      { ...write, schema: { params: Params, querystring: EditQuery, body: ArticleBody, response } },
      async (request, reply) => {
        const { draft = false, version } = request.query
        const data = await writing.update(readerOf(request), request.params.id, toInput(request.body), { draft, version })
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.delete(
      '/articles/:id',
      { config: ruled, schema: { params: Params, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await writing.remove(readerOf(request), request.params.id)
        return reply.code(204).send(null)
      },
    )

    server.put(
      '/comments/status',
      { config: ruled, schema: { querystring: CommentStatusQuery, body: CommentStatusBody, response: { 201: Envelope(CommentStatus) } } },
      async (request, reply) => {
        const { article_id } = request.query
        const { allow_comment } = request.body
        await writing.setAllowComment(readerOf(request), article_id, allow_comment)
        return reply.code(201).send({ message: 'OK', data: { article_id, allow_comment } })
      },
    )
  }

/** Some libraries write a repeated parameter as `status[]`. */
function listQueryOf(query: Record<string, unknown>): OwnArticlesQuery {
  for (const name of ['status', 'channel_id']) {
    const value = query[name] ?? query[`${name}[]`]
    const texts = [value ?? []].flat()
    if (!texts.every(text => typeof text === 'string')) throw invalid(`Invalid ${name} param.`)
    query[name] = value === null || value === undefined ? undefined : value
  }
  return query
}
