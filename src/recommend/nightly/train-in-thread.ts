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

/** The state of a learner with its maps, or half a million clicks. Arrays of numbers are not in it (train-model.ts). */
const HEAP_MB = 1_024

export async function runInThread<Answer>(
  file: 'train.worker.ts' | 'factors.worker.ts',
  data: ThreadData,
  signal: AbortSignal,
): Promise<Answer> {
  const worker = new Worker(new URL(`./${file}`, import.meta.url), {
    workerData: data,
    resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
  })
  try {
    const [answer] = (await once(worker, 'message', { signal })) as [Answer]
    return answer
  } finally {
    await worker.terminate()
  }
}
