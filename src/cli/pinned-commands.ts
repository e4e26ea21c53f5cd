// `top list|add|remove`: the articles pinned above a channel.

import type { Infrastructure } from '../app/infrastructure.ts'
import { type ArticleId, type ChannelId, parseId } from '../base/id.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { createPinning } from '../features/pinned/pinning.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const CHANNEL_MAX = 2 ** 31 - 1
const pinningIn = ({ database: { db } }: Infrastructure) => createPinning({ db, operationLog: createOperationLog({ db }) })

function parseOperands([channel = '', article = '']: string[]): { channelId: ChannelId; articleId: ArticleId } {
  const channelId = /^\d{1,10}$/.test(channel) ? Number(channel) : Number.NaN
  const articleId = parseId(article) as ArticleId | undefined
  if (!(channelId <= CHANNEL_MAX)) throw new UsageError('CHANNEL must be the number of a channel, or 0 for the recommended channel')
  if (!articleId) throw new UsageError('ARTICLE must be the id of an article')
  return { channelId, articleId }
}

const change =
  (verb: 'pin' | 'unpin') =>
  async (call: Invocation): Promise<CommandResult> => {
    const { channelId, articleId } = parseOperands(call.operands)
    return withInfrastructure(call, async infrastructure => {
      await pinningIn(infrastructure)[verb](COMMAND_LINE, channelId, articleId)
      return { result: { channel_id: channelId, article_id: articleId, pinned: verb === 'pin' }, exitCode: 0 }
    })
  }

export const PINNED_COMMANDS: Command[] = [
  {
    words: ['top', 'list'],
    operands: [],
    about: 'the pinned articles of every channel, in their order',
    run: call =>
      withInfrastructure(call, async infrastructure => {
        const pins = await pinningIn(infrastructure).list()
        const rows = pins.map(({ channelId, articleId, title }) => [String(channelId), String(articleId), title])
        const tops = pins.map(({ channelId, articleId, title, published }) => ({
          channel_id: channelId,
          article_id: articleId,
          title,
          published,
        }))
        return { result: { count: tops.length, tops }, lines: table(['channel', 'article', 'title'], rows), exitCode: 0 }
      }),
  },
  {
    words: ['top', 'add'],
    operands: ['CHANNEL', 'ARTICLE'],
    about: 'pin an article above a channel (0: the recommended one), before those already pinned',
    run: change('pin'),
  },
  { words: ['top', 'remove'], operands: ['CHANNEL', 'ARTICLE'], about: 'unpin an article', run: change('unpin') },
]
