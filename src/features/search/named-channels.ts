// Channels that a reader means by their name, in either language or in pinyin. A search for one also finds what is in it.

import { languageOf } from '../../base/language.ts'
import { namesOfChannel } from '../../base/usual-channels.ts'
import type { Db } from '../../engines/database/database.ts'
import { keyOf, keysOf } from '../../engines/search/keys.ts'
import type { Answer, SearchRequest } from '../../engines/search/search-or-rephrase.ts'
import type { Channel } from '../channels/channels.sql.ts'
import { listNewestOf, sortByTime } from './search.sql.ts'

/** Of the channels' names, the keys that stand for a whole name: initials stand for too many others. */
const keysOfNames = ({ name }: Channel) => namesOfChannel(name).flatMap(text => keysOf({ text }).filter(({ way }) => way < 2))

/** Those with a name that begins with what was typed, and the one whose name it is. */
export function findNamedChannels(channels: Channel[], typed: string): { beginning: Channel[]; exact: Channel | undefined } {
  const typedKey = keyOf(typed)
  const matching = (matches: (key: string) => boolean) => (channel: Channel) => keysOfNames(channel).some(({ key }) => matches(key))
  return {
    beginning: typedKey === '' ? [] : channels.filter(matching(key => key.startsWith(typedKey))),
    exact: channels.find(matching(key => key === typedKey)),
  }
}

/** What was found, and behind it, or by time, what else is in the channel, in the language of its name first. What was searched instead of the name is left out. */
export async function addChannel<Found extends Answer>(db: Db, found: Found, request: SearchRequest & Listing): Promise<Found> {
  const own = found.instead === undefined ? found.ids : []
  const ids = [...new Set([...own, ...(await listNewestOf(db, { ...request, language: languageOf(request.typed) }))])].slice(
    0,
    request.limit,
  )
  return { ...found, instead: undefined, ids: request.order === 'time' ? await sortByTime(db, ids) : ids }
}

type Listing = Pick<Parameters<typeof listNewestOf>[1], 'channelId' | 'reader'>
