import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

export interface ThreadData {
  databaseUrl: string
}

/** The state of a learner with its maps, half a million clicks, or 30,000 pages. Arrays of numbers are not in it (nightly/train-model.ts). */
const HEAP_MB = 1_024

/** Rejects if the thread fails, runs out of memory, or `signal` aborts. */
export async function runInThread<Answer>(file: URL, data: ThreadData, signal: AbortSignal): Promise<Answer> {
  const worker = new Worker(file, { workerData: data, resourceLimits: { maxOldGenerationSizeMb: HEAP_MB } })
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [Answer]
    return answer
  } finally {
    await worker.terminate()
  }
}
