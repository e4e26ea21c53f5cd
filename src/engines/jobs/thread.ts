// Work that computes for longer than requests may wait goes into a thread of its own.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'

/**
 * Runs the module `file` in a thread with `input` as its `workerData`. The first message it posts is the result; an error
 * in it, or its end without a word, is thrown here. When `signal` is aborted the thread is ended, wherever it is.
 */
export async function inThread<T>(file: URL, input: unknown, { signal }: { signal?: AbortSignal } = {}): Promise<T> {
  signal?.throwIfAborted()
  const worker = new Worker(file, { workerData: input })
  const ended = new AbortController()
  try {
    return await Promise.race([
      once(worker, 'message', { signal: ended.signal }).then(([result]) => result as T),
      once(worker, 'exit', { signal: ended.signal }).then(([code]) => {
        throw new Error(`the thread ended with ${code} and no result`)
      }),
      ...(signal ? [once(signal, 'abort', { signal: ended.signal }).then(() => Promise.reject(signal.reason))] : []),
    ])
  } finally {
    ended.abort()
    worker.on('error', () => {}) // what it still has to say interests nobody
    await worker.terminate()
  }
}
