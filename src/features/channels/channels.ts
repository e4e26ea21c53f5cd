// Channels, and each reader's own list of them. A reader who has chosen nothing sees the default ones; the recommended
// channel stands first in every list and is in nobody's rows.

import { type ChannelId, RECOMMENDED_CHANNEL, type ReaderId } from '../../base/id.ts'
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

/** What clients send: some leave the place out, and mean the end. */
export interface ChannelChoice {
  id: ChannelId
  seq?: number
}

type VisibleChannels = (Channel & { isDefault: boolean })[]

const SEQ_MAX = 2 ** 31 - 1

export function createChannels({ db, remember }: { db: Db; remember: Caches['remember'] }) {
  const lists = remember<'all', VisibleChannels>({
    name: 'channels',
    shape: 1,
    keyOf: ({ topic }) => (topic === 'channel' ? 'all' : undefined),
    load: async () => new Map([['all', await listVisibleChannels(db)]]),
  })
  const all = async () => (await lists.get('all')) as VisibleChannels

  /** What was asked for, with a place for each; refuses what is repeated, misplaced or unknown. */
  function validateChoices(every: Channel[], wanted: ChannelChoice[] | undefined, after: number): OwnChannel[] {
    if (!wanted || wanted.length === 0) throw invalid('Channels param is required.')
    // The recommended channel is everybody's first: clients that send it along mean no harm.
    const real = wanted.filter(one => one.id !== RECOMMENDED_CHANNEL)
    if (new Set(real.map(one => one.id)).size < real.length) throw invalid('Repeated channels occurred.')
    if (real.some(one => one.seq !== undefined && (!Number.isInteger(one.seq) || one.seq < 1 || one.seq > SEQ_MAX)))
      throw invalid('Invalid channel sequence param.')
    const known = new Set(every.map(channel => channel.id))
    if (real.some(one => !known.has(one.id))) throw invalid('Invalid channels param.')
    return real.map((one, i) => ({ id: one.id, seq: one.seq ?? Math.min(after + i + 1, SEQ_MAX) }))
  }

  async function updateList<T>(readerId: ReaderId, step: (tx: Tx, own: OwnChannel[], every: VisibleChannels) => Promise<T>): Promise<T> {
    // Before the transaction: inside it a second connection could be waited for by all who hold one.
    const every = await all()
    return db.transaction().execute(async tx => {
      await lockChannelList(tx, readerId)
      return step(tx, await listOwnChannels(tx, readerId), every)
    })
  }
  /** What was asked for is there, as far as the list knows, which may be a moment behind the rows. */
  async function saveChoices(tx: Tx, readerId: ReaderId, given: OwnChannel[]): Promise<void> {
    if (!(await saveOwnChannels(tx, readerId, given))) throw invalid('Invalid channels param.')
  }
  const lastOf = (own: OwnChannel[]) => own.at(-1)?.seq ?? 0

  return {
    async list(): Promise<Channel[]> {
      return (await all()).map(({ id, name }) => ({ id, name }))
    },

    async exists(id: ChannelId): Promise<boolean> {
      return id === RECOMMENDED_CHANNEL || (await all()).some(channel => channel.id === id)
    },

    async listForReader(readerId: ReaderId | undefined): Promise<Channel[]> {
      const [every, own] = await Promise.all([all(), readerId ? listOwnChannels(db, readerId) : []])
      const byId = new Map(every.map(channel => [channel.id, channel]))
      const chosen = own.length > 0 ? own.flatMap(({ id }) => byId.get(id) ?? []) : every.filter(channel => channel.isDefault)
      return [{ id: RECOMMENDED_CHANNEL, name: '推荐' }, ...chosen.map(({ id, name }) => ({ id, name }))]
    },

    /** Adds channels; one that is there already is a conflict. */
    async add(readerId: ReaderId, wanted: ChannelChoice[] | undefined): Promise<OwnChannel[]> {
      return updateList(readerId, async (tx, own, every) => {
        const given = validateChoices(every, wanted, lastOf(own))
        if (given.some(one => own.some(mine => mine.id === one.id))) throw conflict('Some conflict user channels occurred.')
        await saveChoices(tx, readerId, given)
        return given
      })
    },

    /** Makes these, and no others, the reader's channels. */
    async replace(readerId: ReaderId, wanted: ChannelChoice[] | undefined): Promise<OwnChannel[]> {
      return updateList(readerId, async (tx, _own, every) => {
        const given = validateChoices(every, wanted, 0)
        await removeOwnChannels(tx, readerId)
        await saveChoices(tx, readerId, given)
        return given
      })
    },

    /**
     * Adds these and moves those already there. A reader who had no list yet was looking at the default one, so that is
     * what is added to.
     */
    async addOrMove(readerId: ReaderId, wanted: ChannelChoice[] | undefined): Promise<OwnChannel[]> {
      return updateList(readerId, async (tx, own, every) => {
        const base = own.length > 0 ? own : defaultChannels(every)
        const given = validateChoices(every, wanted, lastOf(base))
        if (own.length === 0) await saveOwnChannels(tx, readerId, base)
        await saveChoices(tx, readerId, given)
        return given
      })
    },

    async remove(readerId: ReaderId, ids: ChannelId[]): Promise<void> {
      await updateList(readerId, async (tx, own, every) => {
        if (own.length === 0) await saveOwnChannels(tx, readerId, defaultChannels(every))
        await removeOwnChannels(tx, readerId, ids)
      })
    },

    async move(readerId: ReaderId, id: ChannelId, seq: number): Promise<void> {
      await updateList(readerId, async (tx, own, every) => {
        const list = own.length > 0 ? own : defaultChannels(every)
        if (!list.some(mine => mine.id === id)) throw invalid('Invalid channel id.')
        await saveOwnChannels(tx, readerId, own.length > 0 ? [{ id, seq }] : list.map(one => (one.id === id ? { id, seq } : one)))
      })
    },
  }
}

/** The list a reader sees who has chosen nothing. */
function defaultChannels(every: VisibleChannels): OwnChannel[] {
  return every.filter(channel => channel.isDefault).map(({ id }, i) => ({ id, seq: i + 1 }))
}
