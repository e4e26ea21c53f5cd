// Why a page is as it is, in the column page.why: of each article on it, and of the next ones in the ranking, the sources and factors.
// With them another policy can be tried on the page later (off-policy/). As JSON they would be two hundred numbers, which PostgreSQL
// takes apart one by one; as one text of bytes they cost less than the ten articles did.

import type { ArticleId } from '../../base/id.ts'
import type { FunnelStep } from '../contract.ts'
import type { Candidate } from '../pipeline/pipeline.ts'
import { SOURCE_NAMES, SOURCE_ORDER } from '../sources/source-names.ts'

/** As a ranking leaves it. */
type RankedItem = Pick<Candidate, 'id' | 'from' | 'factors' | 'row'>

export interface NewExplanation {
  funnel: FunnelStep[]
  items: RankedItem[]
  /** The articles that came next in the ranking, best first. */
  runnersUp?: RankedItem[]
}

interface Item {
  from: string[]
  factors: Record<string, number>
}

export interface PageExplanation {
  funnel: FunnelStep[]
  items: Item[]
  runnersUp?: (Item & { id: ArticleId })[]
}

/** What the column holds. */
export interface PackedExplanation {
  /** The steps, and the number of candidates left after each. */
  steps: string[]
  left: number[]
  /** The names of the factors. */
  factors: string[]
  /**
   * Base64. Of each article: a bit for each source, and a half-word for each factor; the runners-up are behind those of the page. Then the
   * ids of the runners-up. Pages stored before have a list.
   */
  items: string | [from: string[], factors: number[]][]
  runnersUp?: number
}

const ID_BYTES = 8

export function packExplanation({ funnel, items, runnersUp = [] }: NewExplanation): PackedExplanation {
  // Of one ranking. What is shown again is not scored.
  const names = items.find(isScored)?.factors.names ?? []
  const itemBytes = 2 + 2 * names.length
  const bytes = Buffer.allocUnsafe((items.length + runnersUp.length) * itemBytes + runnersUp.length * ID_BYTES)
  let at = 0
  for (const each of [items, runnersUp])
    for (const item of each) {
      bytes.writeUInt16BE(sourceBits(item.from), at)
      const { values } = item.factors
      for (let f = 0; f < names.length; f++)
        bytes.writeUInt16BE(isScored(item) ? toHalfWord(values[item.row * names.length + f] as number) : NONE, at + 2 + 2 * f)
      at += itemBytes
    }
  for (const { id } of runnersUp) at = bytes.writeBigUInt64BE(id, at)
  return {
    steps: funnel.map(step => step.step),
    left: funnel.map(step => step.left),
    factors: [...names],
    items: bytes.toString('base64'),
    runnersUp: runnersUp.length,
  }
}

export function unpackExplanation({ steps, left, factors, items, runnersUp = 0 }: PackedExplanation): PageExplanation {
  const funnel = steps.map((step, i) => ({ step, left: left[i] ?? 0 }))
  if (typeof items !== 'string') {
    const named = (values: number[]) => Object.fromEntries(values.map((value, i) => [factors[i] as string, value]))
    return { funnel, items: items.map(([from, values]) => ({ from, factors: named(values) })) }
  }
  const bytes = Buffer.from(items, 'base64')
  const itemBytes = 2 + 2 * factors.length
  const count = (bytes.length - runnersUp * ID_BYTES) / itemBytes
  const all = Array.from({ length: count }, (_, i): Item => {
    const values = factors.map((name, f) => [name, fromHalfWord(bytes.readUInt16BE(i * itemBytes + 2 + 2 * f))] as const)
    const known = values.filter((entry): entry is readonly [string, number] => entry[1] !== undefined)
    return { from: sourcesOf(bytes.readUInt16BE(i * itemBytes)), factors: Object.fromEntries(known) }
  })
  const onPage = count - runnersUp
  const idOf = (i: number) => bytes.readBigUInt64BE(count * itemBytes + i * ID_BYTES) as ArticleId
  return { funnel, items: all.slice(0, onPage), runnersUp: all.slice(onPage).map((item, i) => ({ id: idOf(i), ...item })) }
}

const isScored = ({ factors }: RankedItem) => factors.names.length > 0

const BITS = new Map<string, number>(SOURCE_NAMES.map((name, index) => [name, 1 << index]))
const sourceBits = (from: readonly string[]) => from.reduce((bits, name) => bits | (BITS.get(name) ?? 0), 0)
const sourcesOf = (bits: number) => SOURCE_ORDER.filter(name => (bits & (BITS.get(name) as number)) !== 0)

// A factor as the logarithm of its value, from 1/65536 to 65536 in steps of a third of a thousandth.
const [NOTHING, ONE, NONE, PER_OCTAVE] = [0, 32_768, 65_535, 2_048]

function toHalfWord(value: number): number {
  if (value === 1) return ONE // most are
  if (Number.isNaN(value)) return NONE
  if (value <= 0) return NOTHING
  return Math.max(NOTHING + 1, Math.min(NONE - 1, Math.round(ONE + PER_OCTAVE * Math.log2(value))))
}

/** With three digits: enough for a person who compares factors. */
function fromHalfWord(word: number): number | undefined {
  if (word === NONE) return undefined
  return word === NOTHING ? 0 : Number((2 ** ((word - ONE) / PER_OCTAVE)).toPrecision(3))
}
