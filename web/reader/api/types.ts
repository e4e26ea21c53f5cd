// Types of the API's answers, derived from the server's schemas.

import type { SessionView } from '../../../src/features/accounts/sessions.schema.ts'
import type {
  AnnouncementPage as AnnouncementPageSchema,
  Announcement as AnnouncementSchema,
} from '../../../src/features/announcements/announcements.schema.ts'
import type { ArticleDetail as ArticleSchema } from '../../../src/features/articles/articles.schema.ts'
import type { Channel as ChannelSchema } from '../../../src/features/channels/channels.schema.ts'
import type { Page as PageSchema } from '../../../src/features/feed/feed.schema.ts'
import type { OwnProfile as OwnProfileSchema } from '../../../src/features/profiles/profiles.schema.ts'
import type { AsJson } from '../../shared/api/as-json.ts'

export type Announcement = AsJson<AnnouncementSchema>
export type AnnouncementPage = AsJson<AnnouncementPageSchema>
export type Article = AsJson<ArticleSchema>
export type Channel = AsJson<ChannelSchema>
export type Page = AsJson<PageSchema>
export type Card = Page['results'][number]
export type Why = NonNullable<Card['why']>
export type OwnProfile = AsJson<OwnProfileSchema>
export type Session = AsJson<SessionView>
