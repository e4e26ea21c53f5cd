// Fills the catalogue from the rows and keeps it in step with them: articles by the change log, heat by the behaviours.

import type { ArticleId } from '../base/id.ts'
import type { Db } from '../engines/database/database.ts'
import { changesAfter, logHorizon, type Position } from '../engines/log/tail.ts'
import { publishedFacts, warmthAfter, warmthSince } from './catalogue.sql.ts'
import type { Catalogue } from './catalogue.ts'

export interface Follower {
  /** Reads what has happened since it was last called. */
  catchUp(): Promise<void>
}

const BATCH = 1_000
const HEAT_DAYS = 7 // after fourteen half-lives nothing of a click is left

/** Loads everything; then the follower's `catchUp` keeps it current. */
export async function loadCatalogue(db: Db, catalogue: Catalogue): Promise<Follower> {
  // The end of the log is read before the rows: what changes in between is read twice, which does no harm.
  let seen: Position = await logHorizon(db)
  let warmed = seen
  for (let after = 0n as ArticleId; ; ) {
    const facts = await publishedFacts(db, { after, most: 10_000 })
    for (const one of facts) catalogue.put(one)
    const last = facts.at(-1)
    if (!last) break
    after = last.id
  }
  for (const { id, weight, at } of await warmthSince(db, HEAT_DAYS)) catalogue.warm(id, weight, at)

  return {
    async catchUp() {
      for (;;) {
        const changes = await changesAfter(db, seen, BATCH)
        const ids = [...new Set(changes.filter(change => change.topic === 'article').map(change => change.key as ArticleId))]
        if (ids.length > 0) {
          const published = await publishedFacts(db, { ids })
          const left = new Set(published.map(facts => facts.id))
          for (const id of ids) if (!left.has(id)) catalogue.remove(id)
          for (const facts of published) catalogue.put(facts)
        }
        seen = changes.at(-1) ?? seen
        if (changes.length < BATCH) break
      }
      for (;;) {
        const warmths = await warmthAfter(db, warmed, BATCH)
        for (const { id, weight, at } of warmths) catalogue.warm(id, weight, at)
        warmed = warmths.at(-1) ?? warmed
        if (warmths.length < BATCH) break
      }
    },
  }
}
