// Sanitises HTML in a thread of its own: a megabyte takes a good part of a second, during which a server answers others.

import { parentPort, workerData } from 'node:worker_threads'
import { Problem } from '../../base/problem.ts'
import { cleanNow } from './clean-html.ts'

try {
  parentPort?.postMessage(cleanNow(workerData as string), [])
} catch (err) {
  if (!(err instanceof Problem)) throw err
  parentPort?.postMessage({ refusal: err.message, details: err.details }, [])
}
