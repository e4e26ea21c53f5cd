// Finds or creates the channels and creators that the lines of an import name. Imports may run concurrently: names are
// unique, so one of them creates the row and the others find it.

import type { ChannelId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { addChannels, addCreators, channelIdsByName, readersByName } from './ingest.sql.ts'

const NAME_MAX = 32 // of a reader

/** The creator of a channel and an author given by name are different creators, even if their names are equal. */
export interface CreatorKey {
  name: string
  /** Whether the name was made from the channel's name. */
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
 * An article goes to the reader of that name who was created by an import, or who is a verified creator if the line itself
 * gives the name. If another reader has the name, the creator is called "name 2", and so on, the same in every import.
 */
export async function ensureCreators(db: Db, keys: CreatorKey[], newId: () => bigint): Promise<Map<string, ReaderId>> {
  const found = new Map<string, ReaderId>()
  let missing = keys
  for (let attempt = 1; missing.length > 0; attempt++) {
    const nameOf = (key: CreatorKey) => withNumber(key.name, attempt)
    const names = [...new Set(missing.map(nameOf))]
    let readers = await readersByName(db, names)
    const free = names.filter(name => !readers.has(name))
    if (free.length > 0) {
      await addCreators(
        db,
        free.map(name => ({ id: newId() as ReaderId, name })),
      )
      readers = await readersByName(db, names)
    }
    missing = missing.filter(key => {
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
