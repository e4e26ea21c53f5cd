// Lets a connection keep the plan of a statement that it has run before: planning the feed's queries takes longer than running
// them. A text that a connection sees for the first time is not prepared, because it may never be repeated.

import { LRUCache } from 'lru-cache'
import type pg from 'pg'

/** The requests have some two hundred statements. */
const STATEMENTS_MAX = 300
/** Texts seen once, some of which never return: inserts of many rows, lists of any length. The least recent one is forgotten. */
const SEEN_ONCE_MAX = 300
/** SQLSTATE feature_not_supported: the plan is for other columns than the rows have now, because a migration has run. */
const PLAN_IS_OLD = '0A000'

export function prepareRepeatedStatements(client: pg.PoolClient): void {
  const names = new Map<string, string>()
  const seenOnce = new LRUCache<string, true>({ max: SEEN_ONCE_MAX })
  let named = 0
  const query = client.query.bind(client) as (...args: unknown[]) => unknown
  client.query = ((text: unknown, values: unknown, ...rest: unknown[]) => {
    // Calls with a callback are made by the pool itself, not by a request.
    if (typeof text !== 'string' || !Array.isArray(values) || rest.length > 0) return query(text, values, ...rest)
    const name = names.get(text)
    if (name !== undefined) return queryPrepared(name, text, values)
    if (seenOnce.delete(text)) names.set(text, `s${named++}`)
    else if (names.size < STATEMENTS_MAX) seenOnce.set(text, true)
    return query(text, values)
  }) as typeof client.query

  async function queryPrepared(name: string, text: string, values: unknown[]): Promise<unknown> {
    try {
      return await query({ name, text, values })
    } catch (err) {
      if ((err as { code?: string }).code !== PLAN_IS_OLD) throw err
      // The statement has changed nothing. Its next run gets another name. A transaction is aborted by the error, though.
      names.delete(text)
      if (client.getTransactionStatus() !== 'I') throw err
      return query(text, values)
    }
  }
}
