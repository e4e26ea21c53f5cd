// Counts and times the queries by name: the verb and the tables. The texts of queries are in the code and values are parameters,
// so the number of names is limited.

import { LRUCache } from 'lru-cache'
import type { Metrics } from '../../base/metrics.ts'

// Far more than there are queries. An insert has a text for each number of rows.
const NAMES_MAX = 1_000

/** How long the queries of a name took this process: with the wait for a connection, and the way there and back. */
export interface QueryTimes {
  name: string
  calls: number
  totalMs: number
  maxMs: number
}

export interface QueryMeter {
  /** The driver does not report BEGIN and COMMIT. */
  count(text: string, ms: number): void
  /** Since the process started. */
  times(): QueryTimes[]
}

export function measureQueries(metrics: Metrics): QueryMeter {
  const counter = metrics.counter('db_queries_total', 'Queries sent to the database, by what they do with which tables', ['name'])
  const names = new LRUCache<string, [string]>({ max: NAMES_MAX })
  const timesOf = new Map<string, QueryTimes>()
  return {
    count(text, ms) {
      let name = names.get(text)
      if (!name) names.set(text, (name = [queryName(text)]))
      counter.add(name)
      let times = timesOf.get(name[0])
      if (!times) timesOf.set(name[0], (times = { name: name[0], calls: 0, totalMs: 0, maxMs: 0 }))
      times.calls++
      times.totalMs += ms
      times.maxMs = Math.max(times.maxMs, ms)
    },
    times: () => [...timesOf.values()],
  }
}

// `extract(epoch from made_at)` and `is distinct from` name no table.
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
    // A name with arguments is a function, except after `into`, where the columns follow.
    if (open && word !== 'into') continue
    if (!named.has(table) && !NO_TABLE.has(table as string)) tables.add(table as string)
  }
  const verb = /\b(insert|update|delete)\s+(?:into\s|from\s|"?\w+"?\s+set\b)/.exec(plain)?.[1] ?? 'select'
  return [verb, [...tables].join('+')].filter(Boolean).join(' ')
}
