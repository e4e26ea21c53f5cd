import { parentPort, workerData } from 'node:worker_threads'
import type { Training } from './train-in-thread.ts'
import { trainTrees } from './train-trees.ts'

const { fit, stop, options } = workerData as Training
parentPort?.postMessage(trainTrees(fit, stop, options), [])
