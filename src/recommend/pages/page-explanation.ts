// Why a page is as it is, in the column page.why: of each article on it, and of the next ones in the ranking, the sources and factors.
// With them another policy can be tried on the page later (off-policy/). As plain JSON it would take 5 KB, and PostgreSQL would move it
// out of line. With each name written once it takes about one.

import type { ArticleId } from '../../base/id.ts'
import type { FunnelStep } from '../contract.ts'

interface Item {
  from: string[]
  factors: Record<string, number>
}

export interface PageExplanation {
  funnel: FunnelStep[]
  items: Item[]
  /** The articles that came next in the ranking, best first. */
  runnersUp?: (Item & { id: ArticleId })[]
}

/** What the column holds. */
export interface PackedExplanation {
  /** The steps, and the number of candidates left after each. */
  steps: string[]
  left: number[]
  /** The names of the sources. Pages stored before there were runners-up have none. */
  sources?: string[]
  /** The names of the factors; each item has its values in this order, or none if it was not scored. */
  factors: string[]
  /** Sources by index, or, on pages stored before, by name. The runners-up are behind the articles of the page. */
  items: [from: (number | string)[], factors: number[]][]
  runnersUp?: string[]
}

export function packExplanation({ funnel, items, runnersUp = [] }: PageExplanation): PackedExplanation {
  const factors = Object.keys(items.find(isScored)?.factors ?? {})
  const sources: string[] = []
  const indexOf = (name: string) => {
    const index = sources.indexOf(name)
    return index >= 0 ? index : sources.push(name) - 1
  }
  const pack = (item: Item): PackedExplanation['items'][number] => [
    item.from.map(indexOf),
    isScored(item) ? factors.map(name => withThreeDigits(item.factors[name] ?? 0)) : [],
  ]
  return {
    steps: funnel.map(step => step.step),
    left: funnel.map(step => step.left),
    sources,
    factors,
    items: [...items.map(pack), ...runnersUp.map(pack)],
    ...(runnersUp.length > 0 && { runnersUp: runnersUp.map(({ id }) => id.toString()) }),
  }
}

export function unpackExplanation({ steps, left, sources, factors, items, runnersUp = [] }: PackedExplanation): PageExplanation {
  const unpacked = items.map(([from, values]) => ({
    from: from.map(source => (typeof source === 'number' ? (sources?.[source] ?? '') : source)),
    factors: Object.fromEntries(values.map((value, i) => [factors[i], value])) as Record<string, number>,
  }))
  const onPage = unpacked.length - runnersUp.length
  return {
    funnel: steps.map((step, i) => ({ step, left: left[i] ?? 0 })),
    items: unpacked.slice(0, onPage),
    ...(runnersUp.length > 0 && {
      runnersUp: runnersUp.map((id, i) => ({ id: BigInt(id) as ArticleId, ...(unpacked[onPage + i] as Item) })),
    }),
  }
}

const isScored = ({ factors }: Item) => {
  for (const _ in factors) return true
  return false
}

/** Enough for a person who compares factors. Most are 1; `toPrecision` takes ten times as long. */
function withThreeDigits(value: number): number {
  if (value === 1 || value === 0 || !Number.isFinite(value)) return value
  const scale = 10 ** (2 - Math.floor(Math.log10(Math.abs(value))))
  return scale >= 1 ? Math.round(value * scale) / scale : Number(value.toPrecision(3))
}
