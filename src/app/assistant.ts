// The assistant: the built-in provider, or with ASSISTANT_URL a bot of the operator's before it.

import { createBulkhead } from '../base/bulkhead.ts'
import type { ArticleId, ChannelId } from '../base/id.ts'
import type { Viewer } from '../base/viewer.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { createAssistant, QUESTION_LIMIT } from '../features/assistant/assistant.ts'
import { createBot } from '../features/assistant/bot.ts'
import { type BuiltInNeeds, createBuiltIn } from '../features/assistant/built-in.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import type { Recommender } from '../recommend/contract.ts'
import type { Infrastructure } from './infrastructure.ts'

/** A bot on the operator's machine answers some at a time; those who wait longer are told so. */
const BOT_CALLS = { concurrency: 16, queueMax: 64, refusal: 'The bot is busy.' }

export interface AssistantParts extends Omit<BuiltInNeeds, 'db' | 'recommend'> {
  recommender: Recommender
  fallback: Recommender
  absoluteUrl: (path: string) => string
}

export function createAssistantModule(
  { config, database: { db }, redis, log }: Infrastructure,
  { recommender, fallback, absoluteUrl, ...needs }: AssistantParts,
): FeatureModule {
  async function recommend(viewer: Viewer, channelId: ChannelId, count: number): Promise<ArticleId[]> {
    const request = { viewer, channelId, count, cursor: Date.now() }
    const page = await recommender.recommend(request).catch(() => fallback.recommend(request))
    return page.items.map(({ articleId }) => articleId)
  }
  const builtIn = createBuiltIn({ ...needs, db, recommend })
  const { url, ...bot } = config.assistant
  const provider = url === undefined ? builtIn : createBot({ ...bot, url, builtIn, limit: createBulkhead(BOT_CALLS), log })
  const articleUrl = (id: bigint) => absoluteUrl(config.articlePath.slice(1).replace('{id}', id.toString()))
  const limiter = createRateLimiter(QUESTION_LIMIT, redis)
  return { sockets: { message: createAssistant({ provider, limiter, articleUrl, clock: Date.now, log }) } }
}
