// The shapes of answers, taken from the schemas that write them.

import type { Tokens as TokensSchema } from '../../../src/features/accounts/accounts.schema.ts'
import type { ArticleDetaileDetail as OpenedSchema } from '../../../src/features/articles/articles.schema.ts'
import type { Channel as ChannelSchema } from '../../../src/features/channels/channels.schema.ts'
import type { Page as PageSchema } from '../../../src/features/feed/feed.schema.ts'
import type { OwnProfilerofile as SelfSchema } from '../../../src/features/profiles/profiles.schema.ts'

/** As it arrives under /v1_0, where ids are text. */
type OnWire<T> = T extends bigint
  ? string
  : T extends (infer Item)[]
    ? OnWire<Item>[]
    : T extends object
      ? { [Key in keyof T]: OnWire<T[Key]> }
      : T

export type Tokens = OnWire<TokensSchema>
export type Article = OnWire<OpenedSchema>
export type Channel = OnWire<ChannelSchema>
export type Page = OnWire<PageSchema>
export type Card = Page['results'][number]
export type Why = NonNullable<Card['why']>
export type Self = OnWire<SelfSchema>
