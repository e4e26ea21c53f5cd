// Finds the channels and creators that lines of an import name, and makes those that are missing. Any number of imports
// may do so at once: the unique names decide, and who comes second finds what the first one made.

import type { ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { addChannels, addCreators, channelIdsByName, readersByName } from './ingest.sql.ts'

const NAME_MAX = 32 // of a reader

/** Creators of channels and authors given by name are kept apart: a channel called like a person is not that person. */
export interface CreatorKey {
  name: string
  /** The name was made from a channel's, not given. */
  ofChannel: boolean
}

export function creatorKeyOf(line: { author: string | undefined; channel: string }): CreatorKey {
  if (line.author !== undefined) return { name: line.author, ofChannel: false }
  const name = `${line.channel}频道`
  return { name: [...name].length <= NAME_MAX ? name : line.channel, ofChannel: true }
}

export const serializeCreatorKey = ({ name, ofChannel }: CreatorKey) => `${ofChannel ? 'c' : 'a'}${name}`

export async function ensureChannels(db: Db, names: string[]): Promise<Map<string, ChannelId>> {
  const found = await channelIdsByName(db, names)
  const missing = names.filter(name => !found.has(name))
  if (missing.length === 0) return found
  await addChannels(db, missing)
  return channelIdsByName(db, names)
}

/**
 * Articles go to the creator of that name if it was imported before, or, where the line itself gave the name, is a
 * verified creator. A reader who happens to have the name, or took it in the hope of articles, gets none: then the
 * creator is called "name 2", and so on, the same at every import.
 */
export async function ensureCreators(db: Db, wanted: CreatorKey[], newId: () => bigint): Promise<Map<string, ReaderId>> {
  const found = new Map<string, ReaderId>()
  let left = wanted
  for (let attempt = 1; left.length > 0; attempt++) {
    const nameOf = (key: CreatorKey) => withNumber(key.name, attempt)
    const names = [...new Set(left.map(nameOf))]
    let readers = await readersByName(db, names)
    const free = names.filter(name => !readers.has(name))
    if (free.length > 0) {
      await addCreators(
        db,
        free.map(name => ({ id: newId() as ReaderId, name })),
      )
      readers = await readersByName(db, names)
    }
    left = left.filter(key => {
      const reader = readers.get(nameOf(key))
      if (!reader || !(reader.origin === 'import' || (reader.is_verified && !key.ofChannel))) return true
      found.set(serializeCreatorKey(key), reader.id)
      return false
    })
  }
  return found
}

function withNumber(name: string, attempt: number): string {
  if (attempt === 1) return name
  const number = ` ${attempt}`
  return `${[...name].slice(0, NAME_MAX - number.length).join('')}${number}`
}
