// What each viewer was shown and clicked: how often, how long ago.

import { type Renumberings, renumberKeys, renumberList } from './renumbering.ts'

const HOUR_S = 3600
const FORGOTTEN_AFTER_H = 12 // half of an exposure

export interface Exposure {
  times: number
  /** Times, halved every half a day. */
  recent: number
  lastAt: number
  isClicked: boolean
}

export interface ShownTo {
  show(viewer: number, article: number, isClicked: boolean, at: number): void
  click(viewer: number, article: number): void
  find(viewer: number, article: number): Exposure | undefined
  renumber(renumberings: Renumberings): void
  data: { viewers: (Map<number, Exposure> | undefined)[] }
}

/** `articlesMax`: of a viewer, the newest. */
export function createShownTo(articlesMax: number): ShownTo {
  const data: ShownTo['data'] = { viewers: [] }

  function exposureOf(viewer: number, article: number): Exposure {
    const articles = (data.viewers[viewer] ??= new Map<number, Exposure>())
    const known = articles.get(article) ?? { times: 0, recent: 0, lastAt: 0, isClicked: false }
    articles.delete(article) // the newest is last
    articles.set(article, known)
    if (articles.size > articlesMax) articles.delete(articles.keys().next().value as number)
    return known
  }

  return {
    show(viewer, article, isClicked, at) {
      const exposure = exposureOf(viewer, article)
      exposure.times++
      exposure.recent = recentAt(exposure, at) + 1
      exposure.lastAt = at
      exposure.isClicked ||= isClicked
    },
    click(viewer, article) {
      exposureOf(viewer, article).isClicked = true
    },
    find: (viewer, article) => data.viewers[viewer]?.get(article),
    renumber({ articles, viewers }) {
      data.viewers = renumberList(data.viewers, viewers).map(shown => shown && renumberKeys(shown, articles))
    },
    data,
  }
}

export const recentAt = ({ recent, lastAt }: Exposure, at: number): number =>
  recent * 2 ** (-Math.max(0, at - lastAt) / HOUR_S / FORGOTTEN_AFTER_H)
