// What a viewer can be interested in: the channels, each with a picture of what is in it.

import { type ChannelId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { findNewestPictures } from './interests.sql.ts'
import type { Interest } from './lists.schema.ts'

export type ListInterests = () => Promise<Interest[]>

export interface Needs {
  db: Db
  listChannels: () => Promise<{ id: ChannelId; name: string }[]>
  absoluteUrl: (path: string) => string
}

export const createListInterests =
  ({ db, listChannels, absoluteUrl }: Needs): ListInterests =>
  async () => {
    const channels = (await listChannels()).filter(({ id }) => id !== RECOMMENDED_CHANNEL)
    const pictureOf = await findNewestPictures(
      db,
      channels.map(({ id }) => id),
    )
    return channels.map(({ id, name }) => {
      const picture = pictureOf.get(id)
      return { id, name, picture: picture === undefined ? null : absoluteUrl(picture) }
    })
  }
