// The cost of a page whose parts are in memory, in Redis, or cached nowhere: two processes on one PostgreSQL and one Redis.
// Each page is requested first from one process, then from the other, then from the other again.

import { type Running, runProduct } from './processes.ts'
import { median } from './report.ts'

const STATES = ['nowhere', 'in Redis', 'in memory'] as const
type State = (typeof STATES)[number]

export interface PageCost {
  what: string
  state: State
  milliseconds: number
}

/** `pages` must share no parts. `what` names the kind of a page. */
export async function pageCosts(env: Record<string, string>, pages: { what: string; path: string }[]): Promise<PageCost[]> {
  const products: (Running & { url: string })[] = []
  try {
    for (let i = 0; i < 2; i++) products.push(await runProduct({ ...env, DEMO: '0' }))
    const [one, other] = products.map(({ url }) => url) as [string, string]
    const times = new Map<string, number[]>()
    const note = (key: string, ms: number) => times.set(key, [...(times.get(key) ?? []), ms])
    for (const [i, { what, path }] of pages.entries()) {
      const urls = [one, other, other]
      for (const [n, state] of STATES.entries()) {
        const ms = await fetchTimed(urls[n] + path)
        // The first fifth warms the processes up.
        if (i >= pages.length / 5) note(`${what}|${state}`, ms)
      }
    }
    return [...times].map(([key, all]) => {
      const [what = '', state] = key.split('|')
      return { what, state: state as State, milliseconds: median(all) }
    })
  } finally {
    await Promise.all(products.map(product => product.stop()))
  }
}

async function fetchTimed(url: string): Promise<number> {
  const startedAt = performance.now()
  const response = await fetch(url)
  await response.arrayBuffer()
  if (response.status !== 200) throw new Error(`${url} answers ${response.status}`)
  return performance.now() - startedAt
}
