// What a reader does with an article: like, collect, share. The screen shows it before the server has heard of it.

import { type QueryClient, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { changeOptimistically, patchLoaded } from '../../shared/optimistic.ts'
import { randomId } from '../../shared/random-id.ts'
import { showLikeOnCards } from '../api/like-counts.ts'
import { noteMark } from '../api/marks.ts'
import { articleQuery } from '../api/queries.ts'
import { setTarget } from '../api/targets.ts'
import type { Article } from '../api/types.ts'
import { articleWords as words } from './article-words.ts'

const LIKED = 1
const NEITHER = -1

export const isLiked = (article: Pick<Article, 'attitude'>) => article.attitude === LIKED

/** Changes what the screen says of an article. Returns what takes it back. */
export function patchArticle(client: QueryClient, id: string, change: (article: Article) => Partial<Article>): () => void {
  const { queryKey } = articleQuery(currentViewer(), id, undefined)
  const before = client.getQueryData(queryKey)
  if (!before) return () => {}
  const patch = change(before)
  const old = Object.fromEntries(Object.keys(patch).map(key => [key, before[key as keyof Article]]))
  return patchLoaded<Article>(
    client,
    queryKey,
    article => ({ ...article, ...patch }),
    article => ({ ...article, ...old }),
  )
}

export function useReactions(id: string) {
  const client = useQueryClient()

  type List = 'article/likings' | 'article/collections'
  interface Toggle {
    /** What changes on the article's screen. */
    change: (article: Article) => Partial<Article>
    /** Shows it elsewhere. Returns what takes it back. */
    showElsewhere: () => () => void
    done?: () => void
  }
  function toggle(list: List, isOn: boolean, { change, showElsewhere, done }: Toggle): void {
    asReader(async () => {
      // A reader who has just signed in sees the article of a device, until theirs is loaded.
      const { queryKey } = articleQuery(currentViewer(), id, undefined)
      const isLoaded = client.getQueryData(queryKey) !== undefined
      const holds = await changeOptimistically({
        show: () => {
          const takeBack = [patchArticle(client, id, change), showElsewhere()]
          return () => {
            for (const each of takeBack) each()
          }
        },
        send: () => setTarget(list, id, isOn),
        explain: () => words.articleGone,
      })
      if (holds) done?.()
      if (isLoaded) return
      await client.cancelQueries({ queryKey }) // it may be from before the change, and a first load is not repeated while it runs
      await client.invalidateQueries({ queryKey })
    })
  }

  return {
    like: (isOn: boolean) =>
      toggle('article/likings', isOn, {
        change: ({ like_count }) => ({ attitude: isOn ? LIKED : NEITHER, like_count: Math.max(0, like_count + (isOn ? 1 : -1)) }),
        showElsewhere: () => showLikeOnCards(client, id, isOn),
      }),
    collect: (isOn: boolean) =>
      toggle('article/collections', isOn, {
        change: ({ collect_count }) => ({ is_collected: isOn, collect_count: Math.max(0, collect_count + (isOn ? 1 : -1)) }),
        showElsewhere: () => noteMark(client, 'collected', id, isOn),
        done: () => {
          void client.invalidateQueries({ queryKey: ['mine', currentViewer()] })
          showNotice(isOn ? words.collected : words.uncollected)
        },
      }),
  }
}

/** Opens the system's share sheet; where there is none, copies the address. */
export async function shareArticle({ id, title }: { id: string; title: string }): Promise<void> {
  const url = `${location.origin}/article/${id}`
  try {
    if (navigator.share) await navigator.share({ title, url })
    else {
      await navigator.clipboard.writeText(url)
      showNotice(words.linkCopied)
    }
  } catch (err) {
    if ((err as Error).name === 'AbortError') return // the reader closed the sheet
    showNotice(words.notShared(url))
    return
  }
  const event = { id: randomId(), action: 'share', article_id: id, at: Date.now() }
  await callApi('behaviours', { generation: 'v1', method: 'POST', body: { events: [event] } }).catch(() => {})
}
