// What a page costs whose parts are in this process' memory, in Redis, or nowhere yet: two processes on one PostgreSQL and
// one Redis, asked one request after another. Each page is asked first of one, then of the other, then of that one again.

import { type Running, runProduct } from './processes.ts'
import { median } from './report.ts'

const STATES = ['nowhere', 'in Redis', 'in memory'] as const
type State = (typeof STATES)[number]

export interface PageCost {
  what: string
  state: State
  milliseconds: number
}

/** `pages` are paths that share no parts, each with what it is. */
export async function pageCosts(env: Record<string, string>, pages: { what: string; path: string }[]): Promise<PageCost[]> {
  const products: (Running & { url: string })[] = []
  try {
    for (let i = 0; i < 2; i++) products.push(await runProduct({ ...env, DEMO: '0' }))
    const [one, other] = products.map(({ url }) => url) as [string, string]
    const times = new Map<string, number[]>()
    const note = (key: string, ms: number) => times.set(key, [...(times.get(key) ?? []), ms])
    for (const [i, { what, path }] of pages.entries()) {
      const asked = [one, other, other]
      for (const [n, state] of STATES.entries()) {
        const ms = await timed(asked[n] + path)
        // The first of all make everything compile what it runs.
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

async function timed(url: string): Promise<number> {
  const began = performance.now()
  const answer = await fetch(url)
  await answer.arrayBuffer()
  if (answer.status !== 200) throw new Error(`${url} answers ${answer.status}`)
  return performance.now() - began
}
