// Sends decisions, and undoes the last one where that is possible.

import { useRef } from 'react'
import { ApiError } from '../../shared/api/request.ts'
import { isolate } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import type { ArticlePage } from '../api/types.ts'
import { type Decision, INVERSE, STATUS_OF } from './decisions.ts'
import { reviewWords as words } from './review-words.ts'

interface Order {
  /** As the editor saw it. */
  article: Pick<ArticlePage, 'article_id' | 'title'> & Partial<Pick<ArticlePage, 'version' | 'decisions'>>
  decision: Decision
  reason?: string
}

const FORBIDDEN = 403

export function useDecide() {
  const last = useRef<Order>(undefined)
  const send = useAction(async (order: Order) => {
    const { article, decision, reason } = order
    await callApi('mis/articles', {
      method: 'PUT',
      body: {
        article_ids: [article.article_id],
        status: STATUS_OF[decision],
        reject_reason: reason || undefined,
        // Refused if its author has changed it since it was shown.
        versions: article.version === undefined ? undefined : [article.version],
      },
    }).catch(async err => {
      throw (err instanceof ApiError && err.status === FORBIDDEN && (await explainRefusal(order))) || err
    })
    last.current = order
    const text = words.doneTo(words.done[decision] ?? decision, isolate(article.title))
    showNotice(text, INVERSE[decision] && { label: words.undo, run: undo })
  })

  function undo(): void {
    const order = last.current
    const decision = order && INVERSE[order.decision]
    if (!decision) return showNotice(words.nothingToUndo)
    const { article_id, title } = order.article
    send.mutate({ article: { article_id, title }, decision })
  }

  return { decide: (order: Order) => !send.isPending && send.mutate(order), undo, isBusy: send.isPending }
}

/**
 * The contract refuses in Chinese, so what has happened since the editor saw the article is read from the article, and told in the
 * language of the interface. Undefined if nothing has, or the article cannot be read.
 */
async function explainRefusal({ article: seen }: Order): Promise<Error | undefined> {
  const now = await callApi<ArticlePage>(`mis/articles/${seen.article_id}`).catch(() => undefined)
  if (!now || now.version === seen.version) return undefined
  const [last] = now.decisions
  const title = isolate(now.title)
  if (last && !isDeepEqual(last, seen.decisions?.[0]))
    return new Error(words.decidedMeanwhile(title, last.reviewer, words.done[last.action] ?? last.action))
  return new Error(words.changedMeanwhile(title, words.statuses[now.status] ?? String(now.status)))
}

const isDeepEqual = (one: object, other: object | undefined) => JSON.stringify(one) === JSON.stringify(other)
