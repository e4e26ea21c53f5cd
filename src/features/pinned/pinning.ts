// Editors pin articles above a channel, and unpin them.

import { type ArticleId, type ChannelId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import { conflict, notFound } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import { PINNED_PER_CHANNEL_MAX } from '../../recommend/contract.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import { deletePin, insertPin, isPinnable, listPinnedIds, listPins, lockChannel, lockPins } from './pinned.sql.ts'

export type Pinning = ReturnType<typeof createPinning>

export function createPinning({ db, operationLog }: { db: Db; operationLog: OperationLog }) {
  return {
    /** The pins of all channels. */
    list: () => listPins(db),

    /** Above the channel's earlier pins. */
    async pin(operator: Operator, channelId: ChannelId, articleId: ArticleId): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        if (channelId !== RECOMMENDED_CHANNEL && !(await lockChannel(tx, channelId))) throw notFound(`there is no channel ${channelId}`)
        await lockPins(tx, channelId)
        const before = await listPinnedIds(tx, channelId)
        if (!(await isPinnable(tx, articleId))) throw notFound(`there is no published article ${articleId}`)
        const others = before.filter(id => id !== articleId)
        if (others.length >= PINNED_PER_CHANNEL_MAX)
          throw conflict(`channel ${channelId} has ${PINNED_PER_CHANNEL_MAX} pinned articles: unpin one first`)
        await insertPin(tx, channelId, articleId)
        note({ ...entry('pin article', channelId, articleId), before: { pinned: before }, after: { pinned: [articleId, ...others] } })
      })
    },

    async unpin(operator: Operator, channelId: ChannelId, articleId: ArticleId): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        await lockPins(tx, channelId)
        const before = await listPinnedIds(tx, channelId)
        if (!(await deletePin(tx, channelId, articleId))) throw notFound(`article ${articleId} is not pinned in channel ${channelId}`)
        const after = before.filter(id => id !== articleId)
        note({ ...entry('unpin article', channelId, articleId), before: { pinned: before }, after: { pinned: after } })
      })
    },
  }
}

const entry = (operation: string, channelId: ChannelId, articleId: ArticleId) => ({
  operation,
  description: `${articleId} above channel ${channelId}`,
})
