// The assistant behind the contract's event `message`: any text is answered, nothing else is. Existing clients show the text as
// it comes, so each article has its title and address in it; newer clients get the articles beside it.

import type { Clock } from '../../base/clock.ts'
import { languageOf } from '../../base/language.ts'
import type { Log } from '../../base/log.ts'
import { isBlank, isLonger } from '../../base/text.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { RateLimit, RateLimiter } from '../../engines/limits/rate-limiter.ts'
import type { SocketHandler } from '../../http/sockets/handler.ts'
import type { Answer, Provider } from './provider.ts'
import { wordsOf } from './replies.ts'

export interface AssistantNeeds {
  provider: Provider
  limiter: RateLimiter
  /** The address of an article in the web client. */
  articleUrl: (id: bigint) => string
  clock: Clock
  log: Pick<Log, 'error'>
}

/** A question is a search or two. */
export const QUESTION_LIMIT: RateLimit = { name: 'assistant', points: 30, seconds: 60 }
const QUESTION_MAX = 500

interface Message {
  msg?: unknown
  /** The client shows answers as they come: pieces as `message part` `{id, text}`, before the answer. */
  stream?: unknown
  /** The client's name for the question, which the answer repeats. */
  id?: unknown
}

export function createAssistant({ provider, limiter, articleUrl, clock, log }: AssistantNeeds): SocketHandler {
  async function answer(text: string, viewer: Viewer, client: string, onText?: (piece: string) => void): Promise<Answer> {
    const words = wordsOf(languageOf(text))
    if (isLonger(text, QUESTION_MAX)) return { text: words.tooLong, articles: [] }
    if ((await limiter.consume(viewerKeyOf(viewer) ?? client)) > 0) return { text: words.tooMany, articles: [] }
    try {
      return await provider.answer({ text, language: languageOf(text), viewer, at: clock() }, onText)
    } catch (err) {
      log.error({ err }, 'the assistant failed')
      return { text: words.sorry, articles: [] }
    }
  }

  return async (message, { viewer, client, emit }) => {
    const { msg, stream, id } = (message ?? {}) as Message
    if (typeof msg !== 'string' || isBlank(msg.replace(/\p{Cc}/gu, ''))) return undefined
    const name = typeof id === 'string' && id.length <= 64 ? { id } : {}
    const onText = stream === true ? (text: string) => emit('message part', { ...name, text }) : undefined
    const { text, articles } = await answer(msg.trim(), viewer, client, onText)
    const linked = articles.map(article => ({ art_id: article.id.toString(), title: article.title, url: articleUrl(article.id) }))
    const list = linked.map(({ title, url }, i) => `${i + 1}. ${title}\n${url}`)
    const more = stream === true ? { ...name, text, articles: linked } : {}
    return { msg: [text, ...list].join('\n'), timestamp: Math.floor(clock() / 1_000), ...more }
  }
}
