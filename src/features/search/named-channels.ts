// Channels that a reader means by their name, in either language or in pinyin. A search for one also finds what is in it.

import { LRUCache } from 'lru-cache'
import { type Language, languageOf } from '../../base/language.ts'
import { namesOfChannel } from '../../base/usual-channels.ts'
import type { Db } from '../../engines/database/database.ts'
import { keyOf, keysOf } from '../../engines/search/keys.ts'
import type { Answer, SearchRequest } from '../../engines/search/search-or-rephrase.ts'
import type { Channel } from '../channels/channels.sql.ts'
import { listNewestOf, sortByTime } from './search.sql.ts'

export interface NamedChannels {
  /** Those with a name that begins with what was typed. */
  beginning: Channel[]
  /** The one whose name it is, and the language of that name: pinyin means a Chinese one. */
  exact?: { channel: Channel; language: Language }
}

export function findNamedChannels(channels: readonly Channel[], typed: string): NamedChannels {
  const typedKey = keyOf(typed)
  const named = (matches: (key: string) => boolean) =>
    channels.flatMap(channel => {
      const name = namesOf(channel).find(({ keys }) => keys.some(matches))
      return name ? [{ channel, language: name.language }] : []
    })
  return {
    beginning: typedKey === '' ? [] : named(key => key.startsWith(typedKey)).map(({ channel }) => channel),
    exact: named(key => key === typedKey)[0],
  }
}

interface Name {
  language: Language
  keys: string[]
}

/** By the name of the channel: to spell all channels anew for each page costs more than to find one. */
const namesByChannel = new LRUCache<string, Name[]>({ max: 1_000 })

function namesOf({ name }: Channel): Name[] {
  const known = namesByChannel.get(name)
  if (known) return known
  // Only keys that stand for a whole name: initials stand for too many others.
  const keysOfName = (text: string) => keysOf({ text }).flatMap(({ way, key }) => (way < 2 ? [key] : []))
  const names = namesOfChannel(name).map(text => ({ language: languageOf(text), keys: keysOfName(text) }))
  namesByChannel.set(name, names)
  return names
}

/**
 * What was found, and behind it, or by time, what else is in the channel, in the language of its name first. What was searched instead of
 * the name is left out.
 */
export async function addChannel<Found extends Answer>(db: Db, found: Found, request: SearchRequest & Listing): Promise<Found> {
  const own = found.instead === undefined ? found.ids : []
  const all = [...new Set([...own, ...(await listNewestOf(db, request))])]
  // Before the cut: else a thousand old matches leave no place for what is new in the channel.
  const ids = request.order === 'time' ? await sortByTime(db, all) : all
  return { ...found, instead: undefined, ids: ids.slice(0, request.limit) }
}

type Listing = Pick<Parameters<typeof listNewestOf>[1], 'channelId' | 'reader' | 'language'>
