// How long after the answer to a click the model has learned from it: over HTTP, the behaviour log and the learner's follower, as
// seen by a client that asks for the metrics again and again. In one process, and with readers and recommender in two.

import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { silentLog } from '../src/base/log.ts'
import { startPostgres } from '../src/engines/postgres/embedded-postgres.ts'
import { feed, signInReader } from './feed-cases.ts'
import { runProduct } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

const CLICKS = 100
const [ASK_AGAIN_MS, PATIENCE_MS, SETTLED_MS] = [2, 3_000, 5_000]

export async function measure(): Promise<Report> {
  return {
    load: `${CLICKS} clicks, one after the other; milliseconds after the answer`,
    rows: [await inOneProcess(), await inTwoProcesses()],
  }
}

async function inOneProcess(): Promise<Report['rows'][number]> {
  const product = await runProduct()
  try {
    return await rowOf('one process', product.url, product.url)
  } finally {
    await product.stop()
  }
}

async function inTwoProcesses(): Promise<Report['rows'][number]> {
  await using stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const postgres = await startPostgres({ dataDir: folder, log: silentLog })
  stack.defer(() => postgres.stop())
  const [TOKEN_KEY, TRACE_KEY, FILES_KEY] = [1, 2, 3].map(() => randomBytes(24).toString('hex')) as [string, string, string]
  const env = { DATABASE_URL: postgres.url, TOKEN_KEY, TRACE_KEY, FILES_KEY }
  const recommender = await runProduct({ ...env, ROLES: 'recommender,worker' })
  stack.defer(recommender.stop)
  const api = await runProduct({ ...env, ROLES: 'api,realtime', RECOMMENDER_ADDRESS: recommender.grpc, DEMO: '0' })
  stack.defer(api.stop)
  return await rowOf('two processes', api.url, recommender.url)
}

/** `url`: of the process that serves readers. `learnerUrl`: of the one that learns. */
async function rowOf(what: string, url: string, learnerUrl: string): Promise<Report['rows'][number]> {
  const learned = async () => Number(/^learner_impressions (\d+)/m.exec(await (await fetch(`${learnerUrl}/metrics`)).text())?.[1])
  // The demo world is learned first, and what a first start does besides is done.
  for (let before = 0; !before || before !== (await learned()); ) {
    before = await learned()
    await pause(SETTLED_MS)
  }
  const headers = { authorization: (await signInReader(url)).slice('Authorization: '.length).trim() }
  const times: number[] = []
  for (let i = 0; i < CLICKS; i++) {
    const page = await (await fetch(url + feed(1_700_000_000_000 + i), { headers })).text()
    const id = /"art_id":(\d+)/.exec(page)?.[1]
    const before = await learned()
    await (await fetch(`${url}/app/v1_0/articles/${id}`, { headers })).arrayBuffer()
    const began = performance.now()
    while ((await learned()) === before && performance.now() - began < PATIENCE_MS) await pause(ASK_AGAIN_MS)
    times.push(performance.now() - began)
  }
  return { what, p50: round(median(times)), p99: round(quantile(times, 0.99)) }
}
