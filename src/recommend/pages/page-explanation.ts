// Why a page is as it is, in the column page.why. As plain JSON it takes 2.5 KB, most of a page's row, and PostgreSQL would move
// it out of line. With each name written once it takes 700 bytes.

import type { FunnelStep } from '../contract.ts'

export interface PageExplanation {
  funnel: FunnelStep[]
  items: { from: string[]; factors: Record<string, number> }[]
}

/** What the column holds. */
export interface PackedExplanation {
  /** The steps, and the number of candidates left after each. */
  steps: string[]
  left: number[]
  /** The names of the factors; each item has its values in this order, or none if it was not scored. */
  factors: string[]
  items: [from: string[], factors: number[]][]
}

export function packExplanation({ funnel, items }: PageExplanation): PackedExplanation {
  const isScored = (item: PageExplanation['items'][number]) => Object.keys(item.factors).length > 0
  const factors = Object.keys(items.find(isScored)?.factors ?? {})
  return {
    steps: funnel.map(step => step.step),
    left: funnel.map(step => step.left),
    factors,
    // Three digits are enough for a person who compares factors.
    items: items.map(item => [item.from, isScored(item) ? factors.map(name => Number((item.factors[name] ?? 0).toPrecision(3))) : []]),
  }
}

export function unpackExplanation({ steps, left, factors, items }: PackedExplanation): PageExplanation {
  return {
    funnel: steps.map((step, i) => ({ step, left: left[i] ?? 0 })),
    items: items.map(([from, values]) => ({ from, factors: Object.fromEntries(values.map((value, i) => [factors[i], value])) })),
  }
}
