import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createBulkhead } from '../../base/bulkhead.ts'
import { invalid } from '../../base/problem.ts'
import { assertHtmlSize, sanitizeHtml } from '../../base/sanitize-html.ts'

/** So much is cleaned in less than 20 ms; more goes to a thread, whose start costs 50 ms. */
const INLINE_MAX = 32 * 1024

export type CleanHtml = (html: string) => Promise<string>

/** Sanitises HTML as base/sanitize-html.ts does, without holding up other requests. Throws `invalid`, which names no field. */
export function createCleanHtml(): CleanHtml {
  // Two threads hold up to 200 MB while they run.
  const runInTurn = createBulkhead({ concurrency: 2, queueMax: 20, waitMaxMs: 5_000, refusal: 'Too many long articles are saved at once.' })
  return async html => {
    assertHtmlSize(html)
    return html.length <= INLINE_MAX ? sanitizeHtml(html) : runInTurn(() => cleanInThread(html))
  }
}

async function cleanInThread(html: string): Promise<string> {
  const worker = new Worker(new URL('./clean-html.worker.ts', import.meta.url), { workerData: html })
  const [answer] = (await once(worker, 'message')) as [{ html: string } | { refusal: string }]
  if ('refusal' in answer) throw invalid(answer.refusal)
  return answer.html
}
