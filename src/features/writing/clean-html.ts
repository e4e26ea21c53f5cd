import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import { createBulkhead } from '../../base/bulkhead.ts'
import { plainText } from '../../base/plain-text.ts'
import { invalid, type Problem } from '../../base/problem.ts'
import { assertHtmlSize, sanitizeHtml } from '../../base/sanitize-html.ts'
import { isBlank } from '../../base/text.ts'

/** So much is cleaned in less than 20 ms; more goes to a thread, whose start costs 50 ms. */
const INLINE_MAX = 32 * 1024

export interface CleanedHtml {
  html: string
  /** It shows neither text nor a picture. */
  isEmpty: boolean
}

export type CleanHtml = (html: string) => Promise<CleanedHtml>

/** Sanitises HTML as base/sanitize-html.ts does, without holding up other requests. Throws `invalid`, which names no field. */
export function createCleanHtml(): CleanHtml {
  // Two threads hold up to 200 MB while they run.
  const runInTurn = createBulkhead({ concurrency: 2, queueMax: 20, waitMaxMs: 5_000, refusal: 'Too many long articles are saved at once.' })
  return async html => {
    assertHtmlSize(html)
    return html.length <= INLINE_MAX ? cleanNow(html) : runInTurn(() => cleanInThread(html))
  }
}

export function cleanNow(given: string): CleanedHtml {
  const html = sanitizeHtml(given)
  return { html, isEmpty: isBlank(plainText(html)) && !html.includes('<img') }
}

async function cleanInThread(html: string): Promise<CleanedHtml> {
  const worker = new Worker(new URL('./clean-html.worker.ts', import.meta.url), { workerData: html })
  const [answer] = (await once(worker, 'message')) as [CleanedHtml | { refusal: string; details: Problem['details'] }]
  if ('refusal' in answer) throw invalid(answer.refusal, answer.details)
  return answer
}
