// `top list|add|remove`: the articles pinned above a channel.

import { type ArticleId, type ChannelId, parseId } from '../base/id.ts'
import { createPinnedArticles } from '../features/pinned/pinned.ts'
import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'

const CHANNEL_MAX = 2 ** 31 - 1

function parseOperands([channel = '', article = '']: string[]): { channelId: ChannelId; articleId: ArticleId } {
  const channelId = /^\d{1,10}$/.test(channel) ? Number(channel) : Number.NaN
  const articleId = parseId(article) as ArticleId | undefined
  if (!(channelId <= CHANNEL_MAX)) throw new UsageError('CHANNEL must be the number of a channel, or 0 for the recommended channel')
  if (!articleId) throw new UsageError('ARTICLE must be the id of an article')
  return { channelId, articleId }
}

const change =
  (verb: 'add' | 'remove') =>
  async (call: Invocation): Promise<CommandResult> => {
    const { channelId, articleId } = parseOperands(call.operands)
    return withInfrastructure(call, async ({ database }) => {
      await createPinnedArticles({ db: database.db })[verb](channelId, articleId)
      return { result: { channel_id: channelId, article_id: articleId, pinned: verb === 'add' }, exitCode: 0 }
    })
  }

export const PINNED_COMMANDS: Command[] = [
  {
    words: ['top', 'list'],
    operands: [],
    about: 'the pinned articles of every channel, in their order',
    run: call =>
      withInfrastructure(call, async ({ database }) => {
        const pins = await createPinnedArticles({ db: database.db }).list()
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
    about: 'pin an article above a channel (0: the recommended one), before those already pinned',
    run: change('add'),
  },
  { words: ['top', 'remove'], operands: ['CHANNEL', 'ARTICLE'], about: 'unpin an article', run: change('remove') },
]
