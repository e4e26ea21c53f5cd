// Trains in a thread of its own: it takes minutes, during which a server answers requests.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import type { Examples } from './examples.ts'
import type { TrainOptions } from './train-trees.ts'
import type { Trees } from './trees.ts'

export interface Training {
  fit: Examples
  stop: Examples
  options: TrainOptions
}

/** Their arrays move to the thread, so that they are in memory once: they are empty here from then on. */
export async function trainInThread(training: Training, signal?: AbortSignal): Promise<Trees> {
  const arrays = [training.fit, training.stop].flatMap(({ inputs, clicked, begins, offsets }) => [
    inputs,
    clicked,
    begins,
    offsets ?? inputs,
  ])
  const buffers = new Set(arrays.map(({ buffer }) => buffer as ArrayBuffer))
  const worker = new Worker(new URL('./train.worker.ts', import.meta.url), { workerData: training, transferList: [...buffers] })
  try {
    const [trees] = (await once(worker, 'message', { signal })) as [Trees]
    return trees
  } finally {
    await worker.terminate()
  }
}
