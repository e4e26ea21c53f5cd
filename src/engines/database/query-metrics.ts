// How often each query is asked, by a name made of what it does and with which tables. Texts of queries stand in the code,
// so their names are a closed list; values are parameters and never part of a text.

import { LRUCache } from 'lru-cache'
import type { Metrics } from '../../base/metrics.ts'

// Far more than there are queries; what is inserted in batches of many sizes has a text for each.
const NAMES_MAX = 1_000

/** Hears of every query sent. What the driver says of itself, as BEGIN and COMMIT, is none. */
export function countQueries(metrics: Metrics): (text: string) => void {
  const counter = metrics.counter('db_queries_total', 'Queries sent to the database, by what they do with which tables', ['name'])
  const names = new LRUCache<string, [string]>({ max: NAMES_MAX })
  return text => {
    let name = names.get(text)
    if (!name) names.set(text, (name = [queryName(text)]))
    counter.add(name)
  }
}

// `extract(epoch from made_at)` and `is distinct from` are no sources of rows.
const NO_SOURCE = /\b(?:extract\(\w+|distinct)\s+from\b/g
const NAMED = /(?:\bwith(?:\s+recursive)?|,)\s+(\w+)\s*(?:\([^)]*\)\s*)?as\s+(?:(?:not\s+)?materialized\s+)?\(/g
const MENTIONED = /\b(from|join|into|update)\s+"?([a-z_]\w*)"?\s*(\(?)/g
const NO_TABLE = new Set(['lateral', 'of', 'set', 'select', 'nowait', 'skip'])

/** `insert page+article`: the verb, and the tables in the order in which they are mentioned. */
export function queryName(text: string): string {
  const plain = text.replace(NO_SOURCE, ' ')
  const named = new Set([...plain.matchAll(NAMED)].map(([, name]) => name))
  const tables = new Set<string>()
  for (const [, word, table, open] of plain.matchAll(MENTIONED)) {
    // What is called with arguments is a function; what is inserted into may list its columns.
    if (open && word !== 'into') continue
    if (!named.has(table) && !NO_TABLE.has(table as string)) tables.add(table as string)
  }
  const verb = /\b(insert|update|delete)\s+(?:into\s|from\s|"?\w+"?\s+set\b)/.exec(plain)?.[1] ?? 'select'
  return [verb, [...tables].join('+')].filter(Boolean).join(' ')
}
