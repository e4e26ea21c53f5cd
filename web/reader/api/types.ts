// Types of the API's answers, derived from the server's schemas.

import type { SessionView } from '../../../src/features/accounts/sessions.schema.ts'
import type {
  AnnouncementPage as AnnouncementPageSchema,
  Announcement as AnnouncementSchema,
} from '../../../src/features/announcements/announcements.schema.ts'
import type { ArticleDetail as ArticleSchema } from '../../../src/features/articles/articles.schema.ts'
import type { Card as PlainCardSchema } from '../../../src/features/cards/cards.schema.ts'
import type { Channel as ChannelSchema } from '../../../src/features/channels/channels.schema.ts'
import type {
  CommentPage as CommentPageSchema,
  Comment as CommentSchema,
  NewComment as NewCommentSchema,
} from '../../../src/features/comments/comments.schema.ts'
import type { Dials as DialsSchema } from '../../../src/features/dials/dials.schema.ts'
import type { Page as PageSchema } from '../../../src/features/feed/feed.schema.ts'
import type { CardPage as CardPageSchema, Interest as InterestSchema } from '../../../src/features/lists/lists.schema.ts'
import type {
  BlockedPage as BlockedPageSchema,
  FollowPage as FollowPageSchema,
  OwnProfile as OwnProfileSchema,
  ProfileSettings as ProfileSettingsSchema,
  PublicProfile as PublicProfileSchema,
} from '../../../src/features/profiles/profiles.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'

export type Announcement = AsJson<AnnouncementSchema>
export type AnnouncementPage = AsJson<AnnouncementPageSchema>
export type Article = AsJson<ArticleSchema>
export type BlockedPage = AsJson<BlockedPageSchema>
export type Channel = AsJson<ChannelSchema>
export type Comment = AsJson<CommentSchema>
export type CommentPage = AsJson<CommentPageSchema>
export type NewComment = AsJson<NewCommentSchema>
export type Dials = AsJson<DialsSchema>
export type Interest = AsJson<InterestSchema>
export type FollowPage = Omit<AsJson<FollowPageSchema>, 'results'> & {
  /** `is_followed`: as the reader has changed it since the list was loaded. */
  results: (AsJson<FollowPageSchema>['results'][number] & { is_followed?: boolean })[]
}
export type FullPage = AsJson<PageSchema>
/** With the one trace of each card that the app sends back: there may be thousands of cards. */
export type Page = Omit<FullPage, 'results'> & {
  results: (Omit<FullPage['results'][number], 'trace'> & { trace: { click: string } })[]
}
/** A card of the feed. */
export type Card = Page['results'][number]
/** A card of any other list. */
export type PlainCard = AsJson<PlainCardSchema>
export type CardPage = AsJson<CardPageSchema>
export type Why = NonNullable<Card['why']>
export type OwnProfile = AsJson<OwnProfileSchema>
export type ProfileSettings = AsJson<ProfileSettingsSchema>
export type PublicProfile = AsJson<PublicProfileSchema>
export type Session = AsJson<SessionView>
