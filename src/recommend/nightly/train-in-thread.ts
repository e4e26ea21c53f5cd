import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { TrainingResult } from './train-model.ts'

export interface ThreadData {
  databaseUrl: string
}

export interface ThreadAnswer extends Omit<TrainingResult, 'model'> {
  packed: Uint8Array | undefined
  seconds: number
}

/** Beside arrays of choices (train-model.ts), the state of a learner with its maps. */
const HEAP_MB = 1_024

export async function trainInThread(data: ThreadData, signal: AbortSignal): Promise<ThreadAnswer> {
  const worker = new Worker(new URL('./train.worker.ts', import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [ThreadAnswer]
    return answer
  } finally {
    await worker.terminate()
  }
}
