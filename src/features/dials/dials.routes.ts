import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { clientOf } from '../../base/network.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Int, Optional, TypedText } from '../../http/wire.ts'
import { Card } from '../cards/cards.schema.ts'
import { Dials as DialsSchema, Language, MuteKind } from './dials.schema.ts'
import { type Dials, WORD_MAX } from './dials.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const INTERESTS_MAX = 20 // more say nothing
const Response = Envelope(DialsSchema)
const DialsBody = Type.Object({
  interests: Optional(Type.Array(Int(1, CHANNEL_MAX), { maxItems: INTERESTS_MAX })),
  language: Optional(Type.Union([Language, Type.Null()])),
})
/** `target`: the id of an author or a channel, or a word. */
const Target = TypedText(WORD_MAX)
const MuteBody = Type.Object({ kind: MuteKind, target: Target })
const ArticleBody = Type.Object({ article_id: Id<ArticleId>() })
const Cards = Envelope(Type.Object({ results: Type.Array(Card) }))
const NoContent = { 204: Type.Null() }

export const dialRoutes =
  (dials: Dials): Routes =>
  async server => {
    const config = { access: 'optional' as const, refuses: ['invalid', 'not-found', 'too-many'] as const }

    server.get('/dials', { config: { access: 'optional' }, schema: { response: { 200: Response } } }, async ({ viewer }) => ({
      message: 'OK' as const,
      data: await dials.get(viewer),
    }))

    server.patch('/dials', { config, schema: { body: DialsBody, response: { 200: Response } } }, async ({ viewer, ip, body }) => ({
      message: 'OK' as const,
      data: await dials.change(viewer, clientOf(ip), body),
    }))

    server.post('/mutes', { config, schema: { body: MuteBody, response: NoContent } }, async ({ viewer, ip, body }, reply) => {
      await dials.mute(viewer, clientOf(ip), body.kind, body.target)
      return reply.code(204).send(null)
    })

    server.delete(
      '/mutes/:kind/:target',
      { config, schema: { params: MuteBody, response: NoContent } },
      async ({ viewer, ip, params }, reply) => {
        await dials.unmute(viewer, clientOf(ip), params.kind, params.target)
        return reply.code(204).send(null)
      },
    )

    server.get('/not-interested', { config: { access: 'optional' }, schema: { response: { 200: Cards } } }, async ({ viewer }) => ({
      message: 'OK' as const,
      data: { results: await dials.listNotInterested(viewer) },
    }))

    server.post('/not-interested', { config, schema: { body: ArticleBody, response: NoContent } }, async ({ viewer, ip, body }, reply) => {
      await dials.addNotInterested(viewer, clientOf(ip), body.article_id)
      return reply.code(204).send(null)
    })

    server.delete(
      '/not-interested/:article_id',
      { config, schema: { params: ArticleBody, response: NoContent } },
      async ({ viewer, ip, params }, reply) => {
        await dials.removeNotInterested(viewer, clientOf(ip), params.article_id)
        return reply.code(204).send(null)
      },
    )
  }
