import { Type } from 'typebox'
import { type ArticleId, parseId } from '../../base/id.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope } from '../../http/wire.ts'
import { Card } from './cards.schema.ts'
import type { Cards } from './cards.ts'

/** Up to twenty ids with commas between them. */
const Query = Type.Object({ ids: Type.String({ pattern: '^\\d{1,19}(,\\d{1,19}){0,19}$', refusal: 'ids must be 1 to 20 article ids' }) })
const Response = Envelope(Type.Object({ results: Type.Array(Card) }))

/** The cards of articles that a client knows by id, such as related articles. */
export const cardRoutes =
  (cards: Cards): Routes =>
  async server => {
    server.get('/cards', { config: { access: 'optional' }, schema: { querystring: Query, response: { 200: Response } } }, async request => {
      const ids = request.query.ids.split(',').flatMap(id => (parseId(id) as ArticleId | undefined) ?? [])
      const cardOf = await cards.of([...new Set(ids)], request.viewer)
      return { message: 'OK' as const, data: { results: ids.flatMap(id => cardOf.get(id) ?? []) } }
    })
  }
