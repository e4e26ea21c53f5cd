import { type Static, Type } from 'typebox'
import { Count, ZeroOrOne } from '../../http/wire.ts'

export const OfficeChannelItem = Type.Object({
  channel_id: Type.String(),
  name: Type.String(),
  is_visible: ZeroOrOne(),
  article_count: Count(),
  sequence: Type.Integer(),
})

export type OfficeChannelItem = Static<typeof OfficeChannelItem>
