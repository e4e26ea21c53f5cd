// What editors put before all others of a channel.

import { type ArticleId, type ChannelId, parseId } from '../base/id.ts'
import { createTops } from '../features/pinned/tops.ts'
import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'

const CHANNEL_MAX = 2 ** 31 - 1

function parseOperands([channel = '', article = '']: string[]): { channelId: ChannelId; articleId: ArticleId } {
  const channelId = /^\d{1,10}$/.test(channel) ? Number(channel) : Number.NaN
  const articleId = parseId(article) as ArticleId | undefined
  if (!(channelId <= CHANNEL_MAX)) throw new UsageError('CHANNEL is the number of a channel, or 0 for the recommended one')
  if (!articleId) throw new UsageError('ARTICLE is the id of an article')
  return { channelId, articleId }
}

const change =
  (what: 'add' | 'remove') =>
  async (call: Invocation): Promise<CommandResult> => {
    const { channelId, articleId } = parseOperands(call.operands)
    return withInfrastructure(call, async ({ database }) => {
      await createTops({ db: database.db, clock: Date.now })[what](channelId, articleId)
      return { result: { channel_id: channelId, article_id: articleId, pinned: what === 'add' }, exitCode: 0 }
    })
  }

export const PINNED_COMMANDS: Command[] = [
  {
    words: ['top', 'list'],
    operands: [],
    about: 'what is pinned above which channel, the first first',
    run: call =>
      withInfrastructure(call, async ({ database }) => {
        const pins = await createTops({ db: database.db, clock: Date.now }).list()
        for (const { channelId, articleId, title } of pins) call.stderr.write(`${channelId}  ${articleId}  ${title}\n`)
        const tops = pins.map(({ channelId, articleId, title, published }) => ({
          channel_id: channelId,
          article_id: articleId,
          title,
          published,
        }))
        return { result: { count: tops.length, tops }, exitCode: 0 }
      }),
  },
  {
    words: ['top', 'add'],
    operands: ['CHANNEL', 'ARTICLE'],
    about: 'pin an article above a channel, 0 the recommended one, before those pinned already',
    run: change('add'),
  },
  { words: ['top', 'remove'], operands: ['CHANNEL', 'ARTICLE'], about: 'unpin it', run: change('remove') },
]
