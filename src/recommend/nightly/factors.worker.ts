// Reads what was clicked and trains factors in a thread of its own: it takes up to a minute.

import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import { silentLog } from '../../base/log.ts'
import { openDatabase } from '../../engines/database/database.ts'
import { findFactors, listReading } from './article-factors.sql.ts'
import { packFactors, trainFactors, unpackFactors } from './article-factors.ts'
import type { ThreadData } from './train-in-thread.ts'

/** What readers like changes in weeks, and articles are read for days. */
const [DAYS, CLICKS_MAX] = [60, 500_000]

// On Linux this is the priority of this thread alone.
if (process.platform === 'linux') setPriority(10)

const { databaseUrl } = workerData as ThreadData
const { db, close } = openDatabase({ url: databaseUrl, name: 'broadsheet training', log: silentLog, connectionsMax: 1 })
try {
  const before = await findFactors(db)
  const reading = await listReading(db, { days: DAYS, limit: CLICKS_MAX })
  const factors = trainFactors(reading, before && unpackFactors(before.body))
  const answer: FactorsAnswer = { readers: reading.length, articles: factors.ids.length, packed: new Uint8Array(packFactors(factors)) }
  parentPort?.postMessage(answer, [])
} finally {
  await close()
}

export interface FactorsAnswer {
  readers: number
  articles: number
  packed: Uint8Array
}
