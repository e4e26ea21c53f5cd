// Sends the generated requests from a thread of its own, so that the event loop of the test's thread is the server's alone.

import { parentPort, workerData } from 'node:worker_threads'
import { sendAll } from '../../support/operations.ts'
import { pause } from '../../support/waiting.ts'
import type { GeneratedRequest, Sent } from './inputs.ts'

const { url, requests } = workerData as { url: string; requests: GeneratedRequest[] }

/** The database, or the one password that is checked at a time. */
const BUSY = /The service is busy|Too many are signing in/
const TRIES_MAX = 100

/** A server that has no capacity says so, and is asked again: that is no error. */
async function fetchPatiently({ path, ...request }: GeneratedRequest): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(url + path, request)
    const text = await answer.text()
    if (answer.status !== 503 || !BUSY.test(text) || tries === TRIES_MAX) return answer
    await pause(100)
  }
}

const sent: Sent = { troubles: [], statuses: {} }
await sendAll(
  requests.map(request => async () => {
    const { status } = await fetchPatiently(request)
    sent.statuses[status] = (sent.statuses[status] ?? 0) + 1
    if (status >= 500) sent.troubles.push({ request, status })
  }),
)
parentPort?.postMessage(sent, [])
