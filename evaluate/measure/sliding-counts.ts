import type { Impression } from './replay.ts'

export interface SlidingCounts {
  views: Float64Array
  clicks: Float64Array
  /** Over all articles. */
  total: { views: number; clicks: number }
  add(impression: Impression): void
  /** Takes out what is older than the window at a moment. */
  evict(now: number): void
}

/** Views and clicks of each article within a window of time. */
export function createSlidingCounts(articles: number, windowS: number): SlidingCounts {
  const [views, clicks] = [new Float64Array(articles), new Float64Array(articles)]
  const total = { views: 0, clicks: 0 }
  let queue: Impression[] = []
  let head = 0

  function count({ articles: shown, clicked }: Impression, sign: 1 | -1): void {
    for (let i = 0; i < shown.length; i++) {
      const article = shown[i] as number
      const isClicked = clicked[i] as number
      views[article] = (views[article] as number) + sign
      clicks[article] = (clicks[article] as number) + sign * isClicked
      total.views += sign
      total.clicks += sign * isClicked
    }
  }

  return {
    views,
    clicks,
    total,
    add(impression) {
      queue.push(impression)
      count(impression, 1)
    },
    evict(now) {
      for (; head < queue.length && (queue[head] as Impression).at < now - windowS; head++) count(queue[head] as Impression, -1)
      if (head > 10_000) {
        queue = queue.slice(head)
        head = 0
      }
    },
  }
}
