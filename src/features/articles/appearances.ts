// An article with a date to come appears by itself. Queries see it from its date on; whatever is derived from articles (counts,
// caches, the recommender, the search index) hears of it through the change that this task makes.

import { SECOND } from '../../base/clock.ts'
import type { Task } from '../../base/task.ts'
import type { Db } from '../../engines/database/database.ts'
import { markAppeared } from './appearances.sql.ts'

// Editors date articles to the minute, and readers do not notice a second. A run without work reads one index entry.
const INTERVAL_MS = SECOND
const BATCH = 500 // rows a transaction, for the consumers of the change log

export const createAppearancesTask = (db: Db): Task => ({
  name: 'appear',
  role: 'worker',
  intervalMs: INTERVAL_MS,
  async run() {
    while ((await markAppeared(db, BATCH)) === BATCH);
  },
})
