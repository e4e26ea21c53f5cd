// Why a page is as it is, as rows keep it. Written out it takes 2.5 KB and is the longest part of a page by far, long enough
// for PostgreSQL to compress it and put it in a table of its own; each name written once, 700 bytes.

/** How many candidates each step left, and what spoke for each article. */
export interface Why {
  funnel: { step: string; left: number }[]
  items: { from: string[]; factors: Record<string, number> }[]
}

export interface PackedWhy {
  /** The steps, and beside them how many were left. */
  steps: string[]
  left: number[]
  /** The factors' names; each item has them in this order. */
  factors: string[]
  items: [from: string[], factors: number[]][]
}

export function pack({ funnel, items }: Why): PackedWhy {
  const factors = Object.keys(items[0]?.factors ?? {})
  return {
    steps: funnel.map(one => one.step),
    left: funnel.map(one => one.left),
    factors,
    // Three digits say all that a person asks of a factor.
    items: items.map(item => [item.from, factors.map(name => Number((item.factors[name] ?? 0).toPrecision(3)))]),
  }
}

export function unpack({ steps, left, factors, items }: PackedWhy): Why {
  return {
    funnel: steps.map((step, i) => ({ step, left: left[i] ?? 0 })),
    items: items.map(([from, values]) => ({ from, factors: Object.fromEntries(factors.map((name, i) => [name, values[i] ?? 0])) })),
  }
}
