// Sends decisions, and undoes the last one where that is possible.

import { useRef } from 'react'
import { ApiError } from '../../shared/api/request.ts'
import { isolate } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { callApi } from '../api/client.ts'
import { isUnderWay, useAction } from '../api/hooks.ts'
import type { ArticlePage } from '../api/types.ts'
import { type Decision, INVERSE, STATUS_OF } from './decisions.ts'
import { reviewWords as words } from './review-words.ts'

interface Order {
  /** As the editor saw it. */
  article: ArticlePage
  decision: Decision
  reason?: string
}

const FORBIDDEN = 403

export function useDecide() {
  const undoing = useRef<Order>(undefined)
  const send = useAction(async (order: Order) => {
    const { article, decision, reason } = order
    await callApi('mis/articles', {
      method: 'PUT',
      body: {
        article_ids: [article.article_id],
        status: STATUS_OF[decision],
        reject_reason: reason || undefined,
        // Refused if anybody has changed it since it was shown.
        versions: [article.version],
      },
    }).catch(async err => {
      throw (err instanceof ApiError && err.status === FORBIDDEN && (await explainRefusal(order))) || err
    })
    undoing.current = await orderToUndo(order)
    const text = words.doneTo(words.done[decision] ?? decision, isolate(article.title))
    showNotice(text, undoing.current && { label: words.undo, run: undo })
  })

  function undo(): void {
    const order = undoing.current
    undoing.current = undefined // pressed twice, it is undone once
    if (order) send.mutate(order)
    else showNotice(words.nothingToUndo)
  }

  const isSent = (id: string | undefined) => isUnderWay(send, ({ article }) => article.article_id === id)
  return { decide: (order: Order) => !isSent(order.article.article_id) && send.mutate(order), undo, isSent }
}

/**
 * About the article as the decision left it: what another editor decides later is not undone. A ban that comes back has the reason that
 * it had. Undefined if it is not undone, another editor has decided already, or the article cannot be read.
 */
async function orderToUndo({ article: { article_id }, decision }: Order): Promise<Order | undefined> {
  const inverse = INVERSE[decision]
  if (!inverse) return undefined
  const article = await readArticle(article_id)
  if (article?.decisions[0]?.action !== decision) return undefined
  const reason = inverse === 'ban' ? article.decisions.find(({ action }) => action === 'ban')?.reason : null
  return { article, decision: inverse, reason: reason ?? undefined }
}

/**
 * The contract refuses in Chinese, so what has happened since the editor saw the article is read from the article, and told in the
 * language of the interface. Undefined if nothing has, or the article cannot be read.
 */
async function explainRefusal({ article: seen }: Order): Promise<Error | undefined> {
  const now = await readArticle(seen.article_id)
  if (!now || now.version === seen.version) return undefined
  const [last] = now.decisions
  const title = isolate(now.title)
  if (last && !isDeepEqual(last, seen.decisions[0]))
    return new Error(words.decidedMeanwhile(title, last.reviewer, words.done[last.action] ?? last.action))
  return new Error(words.changedMeanwhile(title, words.statuses[now.status] ?? String(now.status)))
}

const readArticle = (id: string) => callApi<ArticlePage>(`mis/articles/${id}`).catch(() => undefined)
const isDeepEqual = (one: object, other: object | undefined) => JSON.stringify(one) === JSON.stringify(other)
