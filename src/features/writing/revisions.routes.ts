// Below /v1: the contract has neither revisions nor an autosave.

import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { withAbsoluteImages } from '../../base/picture-addresses.ts'
import { notFound } from '../../base/problem.ts'
import { HTML_BYTES_MAX } from '../../base/sanitize-html.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int, Text } from '../../http/wire.ts'
import { AUTOSAVE_KEY_PATTERN, AUTOSAVE_KEY_REFUSAL, parseAutosaveKey } from './autosave-key.ts'
import { AUTO_COVER, PICTURE_ADDRESS_MAX, PICTURES_MAX } from './cover.ts'
import { RevisionItem, SavedAt } from './revisions.schema.ts'
import type { Revisions } from './revisions.ts'

const REVISION_MAX = 2 ** 31 - 1
const Params = Type.Object({ id: Id<ArticleId>() })
const RevisionParams = Type.Object({ id: Id<ArticleId>(), number: Int(1, REVISION_MAX) })
const RevisionList = Type.Object({ results: Type.Array(RevisionItem) })
const Revision = Type.Object({
  ...RevisionItem.properties,
  content: Type.String(),
  cover: Type.Object({ type: Type.Integer(), images: Type.Array(Type.String()) }),
  channel_id: Type.Integer(),
})

const AutosaveParams = Type.Object({ article: Type.String({ pattern: AUTOSAVE_KEY_PATTERN, refusal: AUTOSAVE_KEY_REFUSAL }) })
/** What stands in an editor, finished or not: wider bounds than those of an article. A field that is missing is empty. */
const DRAFT_TITLE_MAX = 1_000
const CHANNEL_MAX = 2 ** 31 - 1
const DATE_MAX = 40
const AutosaveBody = Type.Object({
  content: Type.Partial(
    Type.Object(
      {
        title: Text(0, DRAFT_TITLE_MAX),
        content: Text(0, HTML_BYTES_MAX),
        cover: Type.Object({
          type: Int(AUTO_COVER, PICTURES_MAX),
          images: Type.Array(Text(0, PICTURE_ADDRESS_MAX), { maxItems: PICTURES_MAX }),
        }),
        channel_id: Int(0, CHANNEL_MAX),
        publish_at: Type.Union([Text(0, DATE_MAX), Type.Null()]),
        /** Of the article that was edited. */
        version: Text(0, DATE_MAX),
      },
      { additionalProperties: false },
    ),
  ),
})
const Autosave = Type.Object({ content: Type.Unsafe<unknown>({ type: 'object', additionalProperties: true }), ...SavedAt.properties })
/** An article of the greatest length as JSON. */
const AUTOSAVE_BYTES_MAX = 2 * HTML_BYTES_MAX

export interface RevisionRoutesNeeds {
  revisions: Revisions
  absoluteUrl: (path: string) => string
}

export const revisionRoutes =
  ({ revisions, absoluteUrl }: RevisionRoutesNeeds): Routes =>
  async server => {
    const config = { access: 'login' } as const

    server.get(
      '/studio/articles/:id/revisions',
      { config, schema: { params: Params, response: { 200: Envelope(RevisionList) } } },
      async request => {
        const rows = await revisions.list(readerOf(request), request.params.id)
        return { message: 'OK' as const, data: { results: rows.map(row => ({ ...row, saved_at: row.saved_at.toISOString() })) } }
      },
    )

    server.get(
      '/studio/articles/:id/revisions/:number',
      { config, schema: { params: RevisionParams, response: { 200: Envelope(Revision) } } },
      async request => {
        const { html, cover, ...row } = await revisions.get(readerOf(request), request.params.id, request.params.number)
        const data = {
          ...row,
          saved_at: row.saved_at.toISOString(),
          content: withAbsoluteImages(html, absoluteUrl),
          cover: { type: cover.length, images: cover.map(absoluteUrl) },
        }
        return { message: 'OK' as const, data }
      },
    )

    server.put(
      '/studio/autosaves/:article',
      {
        config: { access: 'login', refuses: ['too-many'] },
        bodyLimit: AUTOSAVE_BYTES_MAX,
        schema: { params: AutosaveParams, body: AutosaveBody, response: { 200: Envelope(SavedAt) } },
      },
      async request => {
        const savedAt = await revisions.saveAutomatically(readerOf(request), parseAutosaveKey(request.params.article), request.body.content)
        return { message: 'OK' as const, data: { saved_at: savedAt.toISOString() } }
      },
    )

    server.get(
      '/studio/autosaves/:article',
      { config, schema: { params: AutosaveParams, response: { 200: Envelope(Autosave) } } },
      async request => {
        const found = await revisions.findAutosave(readerOf(request), parseAutosaveKey(request.params.article))
        if (!found) throw notFound('Nothing was saved automatically.')
        return { message: 'OK' as const, data: { content: found.content, saved_at: found.saved_at.toISOString() } }
      },
    )

    server.delete(
      '/studio/autosaves/:article',
      { config, schema: { params: AutosaveParams, response: { 204: Type.Null() } } },
      async (request, reply) => {
        await revisions.deleteAutosave(readerOf(request), parseAutosaveKey(request.params.article))
        return reply.code(204).send(null)
      },
    )
  }
