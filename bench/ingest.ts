// How many behaviours a server writes, durably: events of one viewer in batches of a hundred, as clients send them, and behaviours
// of many viewers in batches of a thousand, as another server sends them.

import { randomUUID } from 'node:crypto'
import { feed, signInReader } from './feed-cases.ts'
import { type Running, runProduct } from './processes.ts'
import { median, type Report, round } from './report.ts'

const ROUNDS = 5
const ROWS = 10_000 // in each round
const CONNECTIONS = 8
const [EVENTS, IMPORTED] = [100, 1_000]
const VIEWERS = 1_000
const PASSWORD = 'bench1password'

interface Batch {
  path: string
  authorization: string
  body: unknown
}

export async function measure(): Promise<Report> {
  const product = await runProduct({ ADMIN_ACCOUNT: 'bench', ADMIN_PASSWORD: PASSWORD })
  try {
    const articles = await findArticles(product.url)
    const readers = await Promise.all(Array.from({ length: ROWS / EVENTS }, () => signInReader(product.url)))
    const admin = await signInAdministrator(product.url)
    let made = 0
    const behaviourOf = (viewer: number) => ({
      id: randomUUID(),
      action: 'exposure', // each counts; a click counts once a day for an article and viewer
      article_id: articles[(viewer + made++) % articles.length],
      at: Date.now(),
    })
    const cases: Record<string, () => Batch[]> = {
      'events, batches of 100': () =>
        Array.from({ length: ROWS / EVENTS }, (_, i) => ({
          path: '/v1/behaviours',
          authorization: readers[i] as string, // devices of one address have limits
          body: { events: Array.from({ length: EVENTS }, () => behaviourOf(i)) },
        })),
      'import, batches of 1,000': () =>
        Array.from({ length: ROWS / IMPORTED }, () => ({
          path: '/v1/behaviours:import',
          authorization: admin,
          body: {
            behaviours: Array.from({ length: IMPORTED }, (_, i) => ({ device_id: `bench-${i % VIEWERS}`, ...behaviourOf(i) })),
          },
        })),
    }
    const results = new Map<string, Measured[]>()
    for (let i = 0; i <= ROUNDS; i++)
      for (const [what, makeBatches] of Object.entries(cases)) {
        const measured = await sendAll(product, makeBatches())
        if (i > 0) results.set(what, [...(results.get(what) ?? []), measured]) // the first round warms up
      }
    return {
      load: `medians of ${ROUNDS} alternating rounds of ${ROWS} exposures, answered when they are stored; up to ${CONNECTIONS} requests at once; µs of processor time a row`,
      rows: [...results].map(([what, rounds]) => {
        const medianOf = (pick: (one: Measured) => number) => round(median(rounds.map(pick)))
        return {
          what,
          'rows a second': medianOf(one => one.perSecond),
          'node µs': medianOf(one => one.node),
          'postgres µs': medianOf(one => one.postgres),
        }
      }),
    }
  } finally {
    await product.stop()
  }
}

interface Measured {
  perSecond: number
  node: number
  postgres: number
}

async function sendAll({ url, cpu }: Running & { url: string }, batches: Batch[]): Promise<Measured> {
  const bodies = batches.map(batch => ({ ...batch, body: JSON.stringify(batch.body) }))
  const [before, began] = [cpu(), performance.now()]
  let written = 0
  const sendNext = async () => {
    for (let batch = bodies.pop(); batch; batch = bodies.pop()) {
      const headers = { authorization: batch.authorization.replace(/^Authorization: |\r\n/g, ''), 'content-type': 'application/json' }
      const answer = await fetch(url + batch.path, { method: 'POST', headers, body: batch.body })
      if (!answer.ok) throw new Error(`${batch.path} answered ${answer.status}: ${await answer.text()}`)
      const { data } = (await answer.json()) as { data: { accepted?: number; added?: number } }
      written += data.accepted ?? data.added ?? 0
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, sendNext))
  const seconds = (performance.now() - began) / 1000
  if (written !== ROWS) throw new Error(`${written} of ${ROWS} rows were written`)
  const after = cpu()
  return { perSecond: ROWS / seconds, node: ((after.own - before.own) / ROWS) * 1e6, postgres: ((after.below - before.below) / ROWS) * 1e6 }
}

async function findArticles(url: string): Promise<string[]> {
  const ids: string[] = []
  for (let cursor = String(Date.now()); ids.length < 200; ) {
    const page = await (await fetch(url + feed(cursor))).text()
    ids.push(...Array.from(page.matchAll(/"art_id":(\d+)/g), ([, id]) => id as string))
    cursor = /"pre_timestamp":(\d+)/.exec(page)?.[1] ?? ''
    if (cursor === '') break
  }
  return ids
}

async function signInAdministrator(url: string): Promise<string> {
  const answer = await fetch(`${url}/mis/v1_0/authorizations`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account: 'bench', password: PASSWORD }),
  })
  const { data } = (await answer.json()) as { data: { token: string } }
  return `Bearer ${data.token}`
}
