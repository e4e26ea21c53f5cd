// How long after the answer to a click the model has learned from it: over HTTP, the behaviour log and the learner's follower, as
// seen by a client that asks for the metrics again and again.

import { setTimeout as pause } from 'node:timers/promises'
import { feed, signInReader } from './feed-cases.ts'
import { runProduct } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

const CLICKS = 60
const [ASK_AGAIN_MS, PATIENCE_MS] = [2, 3_000]

export async function measure(): Promise<Report> {
  const product = await runProduct()
  try {
    const learned = async () => Number(/^learner_impressions (\d+)/m.exec(await (await fetch(`${product.url}/metrics`)).text())?.[1])
    while (!(await learned())) await pause(100) // the demo world is learned first
    const headers = { authorization: (await signInReader(product.url)).slice('Authorization: '.length).trim() }
    const times: number[] = []
    for (let i = 0; i < CLICKS; i++) {
      const page = await (await fetch(product.url + feed(1_700_000_000_000 + i), { headers })).text()
      const id = /"art_id":(\d+)/.exec(page)?.[1]
      const before = await learned()
      await (await fetch(`${product.url}/app/v1_0/articles/${id}`, { headers })).arrayBuffer()
      const began = performance.now()
      while ((await learned()) === before && performance.now() - began < PATIENCE_MS) await pause(ASK_AGAIN_MS)
      times.push(performance.now() - began)
    }
    const [p50, p99] = [round(median(times)), round(quantile(times, 0.99))]
    return { load: `${CLICKS} clicks, one after the other; milliseconds after the answer`, rows: [{ what: 'learned after', p50, p99 }] }
  } finally {
    await product.stop()
  }
}
