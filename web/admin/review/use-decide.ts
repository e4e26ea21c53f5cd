// Sends decisions, and undoes the last one where that is possible.

import { useRef } from 'react'
import { isolate } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { callApi } from '../api/client.ts'
import { useAction } from '../api/hooks.ts'
import { type Decision, INVERSE, STATUS_OF } from './decisions.ts'
import { reviewWords as words } from './review-words.ts'

interface Order {
  article: { article_id: string; title: string; version?: string }
  decision: Decision
  reason?: string
}

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
