// What a viewer tells the feed: interests and language, mutes, and articles they are not interested in. The next page is ranked
// with it, because a page that was ranked with older dials cannot be stored (recommend/pages/pages.sql.ts).

import { type ArticleId, type ChannelId, parseId, type ReaderId } from '../../base/id.ts'
import type { Language } from '../../base/language.ts'
import type { Client } from '../../base/network.ts'
import { invalid, notFound, unauthenticated } from '../../base/problem.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../../engines/limits/rate-limiter.ts'
import type { Card } from '../cards/cards.schema.ts'
import type { Cards } from '../cards/cards.ts'
import type { ProfilesOf } from '../profiles/profiles.ts'
import type { Mute, MuteKind, Dials as WireDials } from './dials.schema.ts'
import { addMute, addNotInterested, findDials, listNotInterested, removeMute, removeNotInterested, setDials } from './dials.sql.ts'

export type Dials = ReturnType<typeof createDials>

export interface Needs {
  db: Db
  profilesOf: ProfilesOf
  cardsOf: Cards['of']
  listChannels: () => Promise<{ id: ChannelId; name: string }[]>
  isPlausibleId: (id: bigint) => boolean
  deviceLimiter: RateLimiter
}

/** A device id costs nothing: changes by devices of one address, enough for a household that tries everything out. */
export const DEVICE_DIALS_LIMIT: RateLimit = { name: 'dials', points: 300, seconds: 3_600 }
/** Of each kind. A page reads them all, some 2 KB. */
export const MUTES_MAX = 200
export const WORD_MAX = 20
/** Half a year of one a day; then an article is too old to be shown. */
const NOT_INTERESTED_MAX = 200
const NO_ARTICLE = 'The article does not exist.'

export function createDials({ db, profilesOf, cardsOf, listChannels, isPlausibleId, deviceLimiter }: Needs) {
  async function keyToChange(viewer: Viewer, { address }: Client): Promise<string> {
    const key = viewerKeyOf(viewer)
    if (key === undefined) throw unauthenticated('Sign in, or send the id of a device.')
    if (viewer.kind === 'device') await takePoint(deviceLimiter, address)
    return key
  }

  async function get(viewer: Viewer): Promise<WireDials> {
    const key = viewerKeyOf(viewer)
    const row = key === undefined ? undefined : await findDials(db, key)
    if (!row) return { interests: [], language: null, mutes: [] }
    const [authors, channels] = await Promise.all([profilesOf(row.mutedAuthors), listChannels()])
    const channelNames = new Map(channels.map(({ id, name }) => [id, name]))
    const toMutes = <T extends bigint | number | string>(kind: MuteKind, targets: T[], nameOf: (target: T) => string | undefined): Mute[] =>
      targets.flatMap(target => {
        const name = nameOf(target)
        return name === undefined ? [] : [{ kind, target: String(target), name }] // deleted since
      })
    return {
      interests: row.interests.filter(id => channelNames.has(id)),
      language: row.language,
      mutes: [
        ...toMutes('author', row.mutedAuthors, id => authors.get(id)?.name),
        ...toMutes('channel', row.mutedChannels, id => channelNames.get(id)),
        ...toMutes('word', row.mutedWords, word => word),
      ],
    }
  }

  const hasChannels = async (ids: ChannelId[]) => {
    const known = new Set((await listChannels()).map(({ id }) => id))
    return ids.every(id => known.has(id))
  }

  async function resolveMute(viewer: Viewer, kind: MuteKind, target: string): Promise<bigint | string> {
    if (kind === 'word') return normalizeLine('word', target, WORD_MAX).toLowerCase()
    const id = parseId(target)
    if (kind === 'author') {
      if (viewer.kind === 'reader' && viewer.id === id) throw invalid('You cannot mute yourself.')
      if (id === undefined || !isPlausibleId(id) || !(await profilesOf([id as ReaderId])).has(id as ReaderId))
        throw notFound('There is no such author.')
    } else if (id === undefined || !(await hasChannels([Number(id)]))) throw notFound('There is no such channel.')
    return id
  }

  return {
    get,

    /** Sets the given dials, and returns all. */
    async change(viewer: Viewer, client: Client, dials: { interests?: ChannelId[]; language?: Language | null }): Promise<WireDials> {
      const interests = dials.interests && [...new Set(dials.interests)]
      if (interests && !(await hasChannels(interests))) throw notFound('There is no such channel.')
      await setDials(db, await keyToChange(viewer, client), { ...dials, interests })
      return get(viewer)
    },

    async mute(viewer: Viewer, client: Client, kind: MuteKind, target: string): Promise<void> {
      const resolved = await resolveMute(viewer, kind, target)
      if (!(await addMute(db, await keyToChange(viewer, client), kind, resolved, MUTES_MAX)))
        throw invalid(`You can mute ${MUTES_MAX} of each kind. Take one back first.`)
    },

    async unmute(viewer: Viewer, client: Client, kind: MuteKind, target: string): Promise<void> {
      const resolved = kind === 'word' ? normalizeLine('word', target, WORD_MAX).toLowerCase() : parseId(target)
      if (resolved !== undefined) await removeMute(db, await keyToChange(viewer, client), kind, resolved)
    },

    /** The articles that the viewer is not interested in and that readers can still see, the newest choice first. */
    async listNotInterested(viewer: Viewer): Promise<Card[]> {
      const key = viewerKeyOf(viewer)
      const ids = key === undefined ? [] : await listNotInterested(db, key)
      const cardOf = await cardsOf(ids, viewer)
      return ids.flatMap(id => cardOf.get(id) ?? [])
    },

    async addNotInterested(viewer: Viewer, client: Client, id: ArticleId): Promise<void> {
      if (!isPlausibleId(id) || !(await addNotInterested(db, await keyToChange(viewer, client), id, NOT_INTERESTED_MAX)))
        throw notFound(NO_ARTICLE)
    },

    removeNotInterested: async (viewer: Viewer, client: Client, id: ArticleId): Promise<void> =>
      removeNotInterested(db, await keyToChange(viewer, client), id),
  }
}
