// Writes a feed page as JSON bytes, spliced from pre-serialised cards and tracking tokens.

import type { ArticleId } from '../../base/id.ts'
import type { FunnelStep, RecommendedItem, TrackingTokens } from '../../recommend/contract.ts'

/** The JSON of a card without its closing brace: the unchanging part, and the counts. */
export type CardParts = [unchanging: Buffer, counts: Buffer]

export interface PageJsonInput {
  /** Undefined for an article that is not shown any more. */
  cardOf: (id: ArticleId) => CardParts | undefined
  /** Undefined on a page without. */
  deks?: ReadonlyMap<ArticleId, string>
  /** Above the items; their cards have `is_top` 1. */
  pinned: RecommendedItem[]
  items: RecommendedItem[]
  explain?: boolean
  funnel?: FunnelStep[]
  /** 0 when nothing is left. */
  nextCursor: number
}

const COMMA = Buffer.from(',')
const CLOSE = Buffer.from('}')
const ONE = Buffer.from('1')

export function writePageJson(input: PageJsonInput): { json: Buffer; isEmpty: boolean } {
  const pinned = input.pinned.flatMap(item => writeItem(item, true, input))
  const results = [...pinned, ...input.items.flatMap(item => writeItem(item, false, input))].slice(1)
  const isEmpty = results.length === 0
  // Null exactly on an empty page: a cursor without articles, or articles without a cursor, keeps clients asking for ever.
  const preTimestamp = !isEmpty && input.nextCursor > 0 ? input.nextCursor : null
  const funnel = input.funnel ? `,"funnel":${JSON.stringify(input.funnel)}` : ''
  const json = Buffer.concat([
    Buffer.from(`{"message":"OK","data":{"pre_timestamp":${preTimestamp},"results":[`),
    ...results,
    Buffer.from(`]${funnel}}}\n`),
  ])
  return { json, isEmpty }
}

/** With a leading comma; empty if the article is not shown. */
function writeItem({ articleId, tokens, reasons }: RecommendedItem, isTop: boolean, { cardOf, deks, explain }: PageJsonInput): Buffer[] {
  const parts = cardOf(articleId)
  if (!parts) return []
  const card = isTop ? withIsTop(parts) : parts
  const why = explain && reasons ? [Buffer.from(`,"why":${JSON.stringify(reasons)}`)] : []
  const text = deks?.get(articleId)
  const dek = text === undefined ? [] : [Buffer.from(`,"dek":${JSON.stringify(text)}`)]
  return [COMMA, ...card, tokensJson(tokens), ...dek, ...why, CLOSE]
}

/** The unchanging part ends with `"is_top":0`. */
const withIsTop = ([unchanging, counts]: CardParts): Buffer[] => [unchanging.subarray(0, -1), ONE, counts]

/** Those of another recommender may hold anything. */
function tokensJson(tokens: TrackingTokens): Buffer {
  if (tokens.json !== undefined) return Buffer.from(`,"trace":${tokens.json}`, 'latin1')
  const { click, collect, share, read } = tokens
  return Buffer.from(`,"trace":${JSON.stringify({ click, collect, share, read })}`)
}
