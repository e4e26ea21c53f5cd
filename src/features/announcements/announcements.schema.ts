import { type Static, Type } from 'typebox'
import type { AnnouncementId } from '../../base/id.ts'
import { PagedSchema } from '../../http/paging.ts'
import { Id } from '../../http/wire.ts'

const HEAD = { id: Id<AnnouncementId>(), title: Type.String(), pubdate: Type.String() }
export const AnnouncementPage = PagedSchema(Type.Object(HEAD))
export type AnnouncementPage = Static<typeof AnnouncementPage>

/** `content` is HTML. */
export const Announcement = Type.Object({ ...HEAD, content: Type.String() })
export type Announcement = Static<typeof Announcement>
