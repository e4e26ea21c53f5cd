// Three things a reader may ask for, which are never mixed: a page they have been served before (or the one everybody
// gets), the next page of their scroll, stored before it is answered, and a page right after they opened an article.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { load, type Outcome } from './load.ts'
import { type Running, run, runProduct } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

const ROUNDS = 5
const SECONDS = 3
const CONNECTIONS = 16
const OPENED = 60 // pages asked for right after a click, one after the other

const feed = (stamp: string | number) => `/app/v1_1/articles?channel_id=0&with_top=0&timestamp=${stamp}`

export async function measure(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-bytes-'))
  const product = await runProduct()
  const bytes = Buffer.from(await (await fetch(product.url + feed(1))).arrayBuffer())
  await writeFile(join(folder, 'page.json'), bytes)
  const bare = await run('./bare.ts', [join(folder, 'page.json')], {})
  const bareUrl = bare.ready.split(' ')[1] as string
  try {
    const cases: Record<string, { who: string; ask: () => Promise<Outcome>; server: Running }> = {
      'bare node:http': { who: '', server: bare, ask: () => all(bareUrl, () => ({ path: '/' })) },
      '(a) the page everybody gets': { who: 'nobody', server: product, ask: () => all(product.url, () => ({ path: feed(1) })) },
      '(a) a page read again': { who: 'reader', server: product, ask: () => again(product.url) },
      '(b) the next page, stored': { who: 'reader', server: product, ask: () => scroll(product.url, reader) },
      '(b) the next page, stored ': { who: 'device', server: product, ask: () => scroll(product.url, device) },
    }
    const results = new Map<string, (Outcome & { cpu: number; database: number; ratio: number })[]>()
    for (let i = 0; i < ROUNDS; i++) {
      let yardstick = Number.NaN
      for (const [name, { ask, server }] of Object.entries(cases)) {
        const before = server.cpu()
        const outcome = await ask()
        const after = server.cpu()
        if (server === bare) yardstick = outcome.perSecond
        const cpu = ((after.own - before.own) / outcome.requests) * 1e6
        const database = ((after.below - before.below) / outcome.requests) * 1e6
        results.set(name, [...(results.get(name) ?? []), { ...outcome, cpu, database, ratio: outcome.perSecond / yardstick }])
      }
    }
    const clicks = await afterClicks(product.url)
    return {
      load: `${ROUNDS} alternating rounds of ${SECONDS} s, ${CONNECTIONS} connections with one request each, ${bytes.length} bytes a page; medians; µs of processor time a request`,
      rows: [
        ...[...results].map(([name, rounds]) => {
          const of = (pick: (one: (typeof rounds)[number]) => number) => round(median(rounds.map(pick)))
          const failures = rounds.reduce((sum, one) => sum + one.failures, 0)
          return {
            what: name.trim(),
            who: cases[name]?.who ?? '',
            'per s': of(one => one.perSecond),
            'of bare': of(one => one.ratio),
            'p50 ms': of(one => one.p50),
            'p99 ms': of(one => one.p99),
            'node µs': of(one => one.cpu),
            'postgres µs': of(one => one.database),
            failures,
          }
        }),
        {
          what: '(c) right after a click',
          who: 'reader',
          'per s': '',
          'of bare': '',
          'p50 ms': round(median(clicks)),
          'p99 ms': round(quantile(clicks, 0.99)),
          'node µs': '',
          'postgres µs': '',
          failures: 0,
        },
      ],
    }
  } finally {
    await Promise.all([product.stop(), bare.stop()])
    await rm(folder, { recursive: true })
  }
}

const all = (url: string, next: () => { path: string; headers?: string }) => load({ url, connections: CONNECTIONS, seconds: SECONDS, next })

let people = 0

/** A reader nobody was before: the header that says who is asking. */
async function reader(url: string): Promise<string> {
  const mobile = String(15_000_000_000 + people++)
  const answer = await fetch(`${url}/v1_0/authorizations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ mobile, code: '246810' }),
  })
  const { data } = (await answer.json()) as { data: { token: string } }
  return `Authorization: Bearer ${data.token}\r\n`
}

const device = async () => `Authorization: Anony bench-${people++}\r\n`

async function again(url: string): Promise<Outcome> {
  const headers = await reader(url)
  return all(url, () => ({ path: feed(1), headers }))
}

/** Each connection is somebody who scrolls; at the end of the feed somebody else goes on. */
async function scroll(url: string, somebody: (url: string) => Promise<string>): Promise<Outcome> {
  const waiting: string[] = []
  while (waiting.length < CONNECTIONS * 12) waiting.push(...(await Promise.all(Array.from({ length: 8 }, () => somebody(url)))))
  const headers = Array.from({ length: CONNECTIONS }, () => waiting.pop() as string)
  return load({
    url,
    connections: CONNECTIONS,
    seconds: SECONDS,
    next(connection, body) {
      const stamp = body && /"pre_timestamp":(\d+)/.exec(body.toString('latin1', 0, 80))?.[1]
      if (body && !stamp) headers[connection] = waiting.pop() ?? (headers[connection] as string)
      return { path: feed(stamp ?? Date.now()), headers: headers[connection] }
    },
  })
}

/** How long a refresh takes that follows a click as quickly as a person can: ranked anew, stored, one at a time. */
async function afterClicks(url: string): Promise<number[]> {
  const headers = { authorization: (await reader(url)).slice('Authorization: '.length).trim() }
  const times: number[] = []
  for (let i = 0; i < OPENED; i++) {
    const page = await (await fetch(url + feed(1_700_000_000_000 + i), { headers })).text()
    const id = /"art_id":(\d+)/.exec(page)?.[1]
    if (!id) break
    await (await fetch(`${url}/app/v1_0/articles/${id}`, { headers })).arrayBuffer()
    await new Promise(resolve => setTimeout(resolve, 50))
    const began = performance.now()
    await (await fetch(url + feed(1_800_000_000_000 + i), { headers })).arrayBuffer()
    times.push(performance.now() - began)
  }
  return times
}
