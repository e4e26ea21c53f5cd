// Channels, as administrators manage them. Every process shows a change within moments.

import { changedFields } from '../../base/changed-fields.ts'
import { type ChannelId, isRecommendedChannelName } from '../../base/id.ts'
import { forbidden, invalid } from '../../base/problem.ts'
import { normalizeLine } from '../../base/text.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { AdminPage } from '../../http/admin-lists.ts'
import type { OperationLog } from '../admins/operation-log.ts'
import {
  deleteChannel,
  findOfficeChannel,
  insertChannel,
  listOfficeChannels,
  type OfficeChannel,
  type OfficeChannelFilter,
  updateChannel,
} from './office-channels.sql.ts'

export type OfficeChannels = ReturnType<typeof createOfficeChannels>

export const NAME_MAX = 32
const SEQUENCE_DEFAULT = 100 // the column's

export interface ChannelInput {
  name: string
  visible: boolean
  sequence?: number
}

export interface OfficeChannelsNeeds {
  db: Db
  operationLog: OperationLog
  deletePins(tx: Tx, id: ChannelId): Promise<void>
}

export function createOfficeChannels({ db, operationLog, deletePins }: OfficeChannelsNeeds) {
  async function find(tx: Tx, id: ChannelId): Promise<OfficeChannel> {
    const channel = await findOfficeChannel(tx, id)
    if (!channel) throw invalid('Invalid channel id.')
    return channel
  }

  return {
    list: (filter: OfficeChannelFilter, page: AdminPage) => listOfficeChannels(db, filter, page),

    async create(operator: Operator, { name: typed, visible, sequence = SEQUENCE_DEFAULT }: ChannelInput): Promise<OfficeChannel> {
      const fields = { name: readName(typed), visible, sequence }
      return operationLog.change(operator, async (tx, note) => {
        const id = await insertChannel(tx, fields)
        if (id === undefined) throw forbidden(`${fields.name} already exists`)
        note({ operation: 'add channel', description: fields.name, after: { id, ...fields } })
        return { id, ...fields, article_count: 0 }
      })
    },

    async update(operator: Operator, id: ChannelId, { name: typed, visible, sequence }: ChannelInput): Promise<OfficeChannel> {
      const name = readName(typed)
      return operationLog.change(operator, async (tx, note) => {
        const before = await find(tx, id)
        const after = { ...before, name, visible, sequence: sequence ?? before.sequence }
        if ((await updateChannel(tx, after)) === 'taken') throw forbidden(`${name} already exists`)
        note({ operation: 'change channel', description: before.name, ...changedFields(before, after) })
        return after
      })
    },

    async remove(operator: Operator, id: ChannelId): Promise<void> {
      await operationLog.change(operator, async (tx, note) => {
        const before = await find(tx, id)
        if (before.article_count > 0 || !(await deleteChannel(tx, id))) throw invalid('Please delete the article first.')
        await deletePins(tx, id)
        note({ operation: 'delete channel', description: before.name, before })
      })
    },
  }
}

function readName(typed: string): string {
  const name = normalizeLine('name', typed, NAME_MAX)
  if (isRecommendedChannelName(name)) throw forbidden(`${name} already exists`)
  return name
}
