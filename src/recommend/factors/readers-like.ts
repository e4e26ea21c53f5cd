// What readers like this one read: factors of articles, as they were trained last, and a viewer's newest clicks. So a device, or a
// session of some clicks, is known too.

import type { ArticleId } from '../../base/id.ts'
import { createNewArticles, type SavedClicks } from './new-articles.ts'
import { type ArticleFactors, createReadingModel } from './reading-model.ts'

export interface ReadersLike {
  use(factors: ArticleFactors | undefined): void
  /** A click of a known viewer. */
  recordClick(viewerKey: string, id: ArticleId): void
  /** What readers with these clicks would read, the best first. */
  next(clickedIds: readonly ArticleId[], limit: number, isWanted: (id: ArticleId) => boolean): ArticleId[]
  size(): number
  /** Fits an article that came since the training, if one waits for it; whether there was one. */
  fitNext(): boolean
  save(): SavedClicks
  /** Before the first click. What was clicked is fitted later. */
  restore(saved: SavedClicks): void
}

export function createReadersLike(): ReadersLike {
  const newArticles = createNewArticles()
  let known: ReturnType<typeof prepare> | undefined
  return {
    use(factors) {
      known = factors && factors.ids.length > 0 ? prepare(factors) : undefined
      newArticles.use(known?.trained)
    },
    recordClick(viewerKey, id) {
      newArticles.click(viewerKey, id)
      newArticles.fitNext()
    },
    next(clickedIds, limit, isWanted) {
      if (!known) return []
      const { ids, indicesOf, model } = known
      const clicked = indicesOf(clickedIds)
      if (clicked.length === 0) return []
      const excluded = new Set(clicked)
      const found = model
        .top(clicked, limit, index => !excluded.has(index) && isWanted(ids[index] as ArticleId))
        .map(({ index, score }) => ({ id: ids[index] as ArticleId, score }))
      newArticles.fitNext()
      const viewer = model.foldIn?.(clicked)
      for (const [id, vector] of viewer ? newArticles.all() : []) {
        const score = vector.reduce((sum, value, k) => sum + value * (viewer?.[k] as number), 0)
        if (score > 0 && !clickedIds.includes(id) && isWanted(id)) found.push({ id, score })
      }
      return found
        .toSorted((a, b) => b.score - a.score)
        .slice(0, limit)
        .map(({ id }) => id)
    },
    size: () => known?.ids.length ?? 0,
    fitNext: newArticles.fitNext,
    save: newArticles.save,
    restore: newArticles.restore,
  }
}

function prepare(factors: ArticleFactors) {
  const { ids } = factors
  const indices = new Map(ids.map((id, index) => [id, index]))
  const indicesOf = (clickedIds: readonly ArticleId[]) => clickedIds.flatMap(id => indices.get(id) ?? [])
  const model = createReadingModel(factors)
  const vectorOf = (clickedIds: readonly ArticleId[]) => {
    const clicked = indicesOf(clickedIds)
    return clicked.length > 0 ? model.foldIn?.(clicked) : undefined
  }
  const trained = factors.kind === 'ials' ? { has: (id: ArticleId) => indices.has(id), vectorOf, users: factors.users } : undefined
  return { ids, indicesOf, model, trained }
}
