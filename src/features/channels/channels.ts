// Channels, and each reader's own list of channels. A reader without a list sees the default channels. The recommended
// channel comes first in every list and is not stored.

import { type ChannelId, RECOMMENDED_CHANNEL, RECOMMENDED_CHANNEL_NAME, type ReaderId } from '../../base/id.ts'
import { conflict, invalid } from '../../base/problem.ts'
import type { Caches } from '../../engines/cache/caches.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import {
  type Channel,
  listOwnChannels,
  listVisibleChannels,
  lockChannelList,
  type OwnChannel,
  removeOwnChannels,
  saveOwnChannels,
} from './channels.sql.ts'

export type Channels = ReturnType<typeof createChannels>

/** Without `seq`, the channel goes to the end of the list. */
export interface ChannelChoice {
  id: ChannelId
  seq?: number
}

type VisibleChannels = (Channel & { isDefault: boolean })[]

const SEQ_MAX = 2 ** 31 - 1

export function createChannels({ db, createCache }: { db: Db; createCache: Caches['createCache'] }) {
  const cache = createCache<'all', VisibleChannels>({
    name: 'channels',
    schemaVersion: 1,
    invalidationKey: ({ topic }) => (topic === 'channel' ? 'all' : undefined),
    load: async () => new Map([['all', await listVisibleChannels(db)]]),
  })
  const visibleChannels = async () => (await cache.get('all')) as VisibleChannels

  /** Gives each choice a place, counted from `after`. Throws if a channel is repeated, misplaced or unknown. */
  function validateChoices(visible: Channel[], choices: ChannelChoice[] | undefined, after: number): OwnChannel[] {
    if (!choices || choices.length === 0) throw invalid('Channels param is required.')
    // Some clients send the recommended channel along; it is first in every list, so it is ignored.
    const chosen = choices.filter(choice => choice.id !== RECOMMENDED_CHANNEL)
    if (new Set(chosen.map(choice => choice.id)).size < chosen.length) throw invalid('Repeated channels occurred.')
    if (chosen.some(({ seq }) => seq !== undefined && (!Number.isInteger(seq) || seq < 1 || seq > SEQ_MAX)))
      throw invalid('Invalid channel sequence param.')
    const visibleIds = new Set(visible.map(channel => channel.id))
    if (chosen.some(choice => !visibleIds.has(choice.id))) throw invalid('Invalid channels param.')
    return chosen.map(({ id, seq }, i) => ({ id, seq: seq ?? Math.min(after + i + 1, SEQ_MAX) }))
  }

  async function updateList<T>(
    readerId: ReaderId,
    change: (tx: Tx, own: OwnChannel[], visible: VisibleChannels) => Promise<T>,
  ): Promise<T> {
    // Loaded before the transaction: a transaction that waits for a second connection could deadlock the pool.
    const visible = await visibleChannels()
    return db.transaction().execute(async tx => {
      await lockChannelList(tx, readerId)
      return change(tx, await listOwnChannels(tx, readerId), visible)
    })
  }

  /** Throws if a channel has been deleted since the cache was filled. */
  async function saveChoices(tx: Tx, readerId: ReaderId, choices: OwnChannel[]): Promise<void> {
    if (!(await saveOwnChannels(tx, readerId, choices))) throw invalid('Invalid channels param.')
  }
  const lastSeqOf = (own: OwnChannel[]) => own.at(-1)?.seq ?? 0

  return {
    async list(): Promise<Channel[]> {
      return (await visibleChannels()).map(({ id, name }) => ({ id, name }))
    },

    exists(id: ChannelId): true | Promise<boolean> {
      return id === RECOMMENDED_CHANNEL || visibleChannels().then(all => all.some(channel => channel.id === id))
    },

    async listForReader(readerId: ReaderId | undefined): Promise<Channel[]> {
      const [visible, own] = await Promise.all([visibleChannels(), readerId ? listOwnChannels(db, readerId) : []])
      const byId = new Map(visible.map(channel => [channel.id, channel]))
      const chosen = own.length > 0 ? own.flatMap(({ id }) => byId.get(id) ?? []) : visible.filter(channel => channel.isDefault)
      return [{ id: RECOMMENDED_CHANNEL, name: RECOMMENDED_CHANNEL_NAME }, ...chosen.map(({ id, name }) => ({ id, name }))]
    },

    /** Adds channels. Throws a conflict if the list already has one of them. */
    async add(readerId: ReaderId, choices: ChannelChoice[] | undefined): Promise<OwnChannel[]> {
      return updateList(readerId, async (tx, own, visible) => {
        const chosen = validateChoices(visible, choices, lastSeqOf(own))
        if (chosen.some(({ id }) => own.some(channel => channel.id === id))) throw conflict('Some conflict user channels occurred.')
        await saveChoices(tx, readerId, chosen)
        return chosen
      })
    },

    /** Replaces the reader's list. */
    async replace(readerId: ReaderId, choices: ChannelChoice[] | undefined): Promise<OwnChannel[]> {
      return updateList(readerId, async (tx, _own, visible) => {
        const chosen = validateChoices(visible, choices, 0)
        await removeOwnChannels(tx, readerId)
        await saveChoices(tx, readerId, chosen)
        return chosen
      })
    },

    /**
     * Adds channels, and moves those the list already has. A reader without a list sees the default channels, so these are
     * stored first.
     */
    async addOrMove(readerId: ReaderId, choices: ChannelChoice[] | undefined): Promise<OwnChannel[]> {
      return updateList(readerId, async (tx, own, visible) => {
        const base = own.length > 0 ? own : defaultChannels(visible)
        const chosen = validateChoices(visible, choices, lastSeqOf(base))
        if (own.length === 0) await saveOwnChannels(tx, readerId, base)
        await saveChoices(tx, readerId, chosen)
        return chosen
      })
    },

    async remove(readerId: ReaderId, ids: ChannelId[]): Promise<void> {
      await updateList(readerId, async (tx, own, visible) => {
        if (own.length === 0) await saveOwnChannels(tx, readerId, defaultChannels(visible))
        await removeOwnChannels(tx, readerId, ids)
      })
    },

    async move(readerId: ReaderId, id: ChannelId, seq: number): Promise<void> {
      await updateList(readerId, async (tx, own, visible) => {
        const list = own.length > 0 ? own : defaultChannels(visible)
        if (!list.some(channel => channel.id === id)) throw invalid('Invalid channel id.')
        await saveOwnChannels(
          tx,
          readerId,
          own.length > 0 ? [{ id, seq }] : list.map(channel => (channel.id === id ? { id, seq } : channel)),
        )
      })
    },
  }
}

/** The list of a reader who has chosen no channels. */
function defaultChannels(visible: VisibleChannels): OwnChannel[] {
  return visible.filter(channel => channel.isDefault).map(({ id }, i) => ({ id, seq: i + 1 }))
}
