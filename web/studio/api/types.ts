// Types of the API's answers, derived from the server's schemas.

import type { Static } from 'typebox'
import type { Channel as ChannelSchema } from '../../../src/features/channels/channels.schema.ts'
import type { Comment as CommentSchema } from '../../../src/features/comments/comments.schema.ts'
import type { MaterialItem as MaterialSchema } from '../../../src/features/files/materials.schema.ts'
import type { FollowPage as FollowPageSchema } from '../../../src/features/profiles/profiles.schema.ts'
import type { DecisionItem as DecisionSchema } from '../../../src/features/writing/appeals.schema.ts'
import type { RevisionItem as RevisionSchema } from '../../../src/features/writing/revisions.schema.ts'
import type {
  EditableArticle as EditableArticleSchema,
  OwnArticleItem as OwnArticleSchema,
  SavedArticle as SavedArticleSchema,
} from '../../../src/features/writing/writing.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'

export interface Paged<Item> {
  total_count: number
  page: number
  per_page: number
  results: Item[]
}

export type Channel = AsJson<ChannelSchema>
export type OwnArticle = AsJson<OwnArticleSchema>
export type EditableArticle = AsJson<EditableArticleSchema>
export type SavedArticle = AsJson<Static<typeof SavedArticleSchema>>
export type Decision = AsJson<DecisionSchema>
export type Comment = AsJson<CommentSchema>
export type Revision = AsJson<RevisionSchema>
export type Material = AsJson<MaterialSchema>
export type FollowPage = AsJson<FollowPageSchema>

export const STATUS = { draft: 0, inReview: 1, published: 2, rejected: 3, banned: 5 } as const
