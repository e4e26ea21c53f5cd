// Tries a policy in a thread of its own: it takes ten seconds, during which a server answers requests.

import { setPriority } from 'node:os'
import { parentPort, workerData } from 'node:worker_threads'
import type { PolicyDocument } from '../policy/policy-schema.ts'
import type { ThreadData } from '../run-in-thread.ts'
import { openThreadDatabase } from '../thread-database.ts'
import { tryPolicy } from './own-log.ts'

// On Linux this is the priority of this thread alone.
if (process.platform === 'linux') setPriority(10)

export interface TryData extends ThreadData {
  document: PolicyDocument
}

const { databaseUrl, document } = workerData as TryData
const { db, close } = openThreadDatabase(databaseUrl, 'broadsheet policy')
try {
  parentPort?.postMessage(await tryPolicy(db, document), [])
} finally {
  await close()
}
