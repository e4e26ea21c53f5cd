// Reads what was clicked and trains factors in a thread of its own: it takes up to a minute.

import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { ArticleFactors } from '../factors/reading-model.ts'
import type { ThreadData } from '../run-in-thread.ts'
import { openThreadDatabase } from '../thread-database.ts'
import { deleteRelatedBefore, findFactors, listReading, storeRelated } from './article-factors.sql.ts'
import { chooseFactors, type FactorsVerdict, packFactors, unpackFactors } from './article-factors.ts'
import { relatedBy } from './related-articles.ts'

/** What readers like changes in weeks, and articles are read for days. */
const [DAYS, CLICKS_MAX] = [60, 500_000]
/** Rows of a transaction. */
const BATCH = 500

// On Linux this is the priority of this thread alone.
if (process.platform === 'linux') setPriority(10)

const { databaseUrl } = workerData as ThreadData
const { db, close } = openThreadDatabase(databaseUrl, 'broadsheet training')
try {
  const before = await findFactors(db)
  const { reading, times } = await listReading(db, { days: DAYS, limit: CLICKS_MAX })
  const { factors, ...verdict } = chooseFactors(reading, { live: before && unpackFactors(before.body), times })
  if (factors) await storeRelatedOf(db, factors)
  const answer: FactorsAnswer = {
    ...verdict,
    model: factors?.kind,
    readers: reading.length,
    articles: factors?.ids.length ?? 0,
    packed: factors && new Uint8Array(packFactors(factors)),
  }
  parentPort?.postMessage(answer, [])
} finally {
  await close()
}

async function storeRelatedOf(database: Db, factors: ArticleFactors): Promise<void> {
  const madeAt = new Date()
  const batch: { id: ArticleId; related: ArticleId[] }[] = []
  for (const row of relatedBy(factors)) if (batch.push(row) === BATCH) await storeRelated(database, batch.splice(0), madeAt)
  await storeRelated(database, batch, madeAt)
  while ((await deleteRelatedBefore(database, madeAt, BATCH)) === BATCH);
}

export interface FactorsAnswer extends Omit<FactorsVerdict, 'factors'> {
  model: ArticleFactors['kind'] | undefined
  readers: number
  articles: number
  packed: Uint8Array | undefined
}
