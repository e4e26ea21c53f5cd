import { type Static, Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { PagedSchema } from '../../http/paging.ts'
import { Id, StringOrNull } from '../../http/wire.ts'
import { Card } from '../cards/cards.schema.ts'

/** A card, and whether the viewer likes the article. */
export const LikedCard = Type.Object({ ...Card.properties, is_liking: Type.Boolean() })
export type LikedCard = Static<typeof LikedCard>

export const CardPage = PagedSchema(LikedCard)
export type CardPage = Static<typeof CardPage>

/** The articles that a reader has collected, and that they like: the newest of each first. */
export const Marks = Type.Object({ collected: Type.Array(Id<ArticleId>()), liked: Type.Array(Id<ArticleId>()) })
export type Marks = Static<typeof Marks>

export const PopularCards = Type.Object({ results: Type.Array(Card) })
export type PopularCards = Static<typeof PopularCards>

/** A channel that a viewer can choose, with a picture of what is in it. */
export const Interest = Type.Object({ id: Type.Integer(), name: Type.String(), picture: StringOrNull() })
export type Interest = Static<typeof Interest>
export const Interests = Type.Object({ results: Type.Array(Interest) })

const { cover, ...others } = LikedCard.properties
/** Clients of the flat prefix read the pictures of collected articles under either name. */
const CollectedCard = Type.Object({ ...others, cover: Type.Object({ ...cover.properties, Images: cover.properties.images }) })
export const CollectionPage = PagedSchema(CollectedCard)

export const toCollectionPage = (page: CardPage): Static<typeof CollectionPage> => ({
  ...page,
  results: page.results.map(card => ({ ...card, cover: { ...card.cover, Images: card.cover.images } })),
})
