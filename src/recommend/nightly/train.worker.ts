// Reads the log and trains in a thread of its own: it takes minutes, during which a server answers requests.

import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { ArticleId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { readEndPosition } from '../../engines/log/log-rows.sql.ts'
import { listPublishedFacts } from '../catalogue/catalogue.sql.ts'
import type { ArticleFacts } from '../catalogue/catalogue.ts'
import { findClicksSince, listEntriesByTime } from '../learn/log.sql.ts'
import type { LogEntry } from '../learn/log-entry.ts'
import type { ThreadData } from '../run-in-thread.ts'
import { openThreadDatabase } from '../thread-database.ts'
import { type TrainingResult, trainModel } from './train-model.ts'
import { packModel, unpackModel } from './trained-model.ts'
import { divideLog, findModel } from './trained-models.sql.ts'

const BATCH = 1_000
/** As the learner without a snapshot: factors and co-clicks need weeks. */
const [DAYS, CLICKS_MAX] = [14, 100_000]

// On Linux this is the priority of this thread alone.
if (process.platform === 'linux') setPriority(10)

const startedAt = performance.now()
const { databaseUrl } = workerData as ThreadData
const { db, close } = openThreadDatabase(databaseUrl, 'broadsheet training')
try {
  const live = await findModel(db, 'live')
  const { model, ...result } = await trainModel({
    entries: readLog(db),
    parts: await divideLog(db, CLICKS_MAX),
    facts: await readFacts(db),
    live: live && unpackModel(live.model),
  })
  const answer: ThreadAnswer = {
    ...result,
    packed: model ? new Uint8Array(packModel(model)) : undefined,
    seconds: Math.round((performance.now() - startedAt) / 1000),
  }
  parentPort?.postMessage(answer, [])
} finally {
  await close()
}

async function* readLog(database: Db): AsyncGenerator<LogEntry[]> {
  const { xid } = await readEndPosition(database)
  let after = { at: await findClicksSince(database, CLICKS_MAX), seq: '0' }
  for (;;) {
    const entries = await listEntriesByTime(database, { days: DAYS, before: xid, after, limit: BATCH })
    const last = entries.at(-1)
    if (!last) return
    yield entries
    after = { at: last.at, seq: last.seq }
  }
}

async function readFacts(database: Db): Promise<ArticleFacts[]> {
  const facts: ArticleFacts[] = []
  for (let after = 0n as ArticleId; ; ) {
    const batch = await listPublishedFacts(database, { after, limit: BATCH })
    facts.push(...batch)
    const last = batch.at(-1)
    if (!last) return facts
    after = last.id
  }
}

export interface ThreadAnswer extends Omit<TrainingResult, 'model'> {
  packed: Uint8Array | undefined
  seconds: number
}
