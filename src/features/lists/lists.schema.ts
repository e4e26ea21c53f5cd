import { type Static, Type } from 'typebox'
import { PagedSchema } from '../../http/paging.ts'
import { Card } from '../cards/cards.schema.ts'

/** A card, and whether the viewer likes the article. */
export const LikedCard = Type.Object({ ...Card.properties, is_liking: Type.Boolean() })
export type LikedCard = Static<typeof LikedCard>

export const CardPage = PagedSchema(LikedCard)
export type CardPage = Static<typeof CardPage>

export const PopularCards = Type.Object({ results: Type.Array(Card) })
export type PopularCards = Static<typeof PopularCards>
