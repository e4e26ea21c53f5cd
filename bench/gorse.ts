// The feed beside Gorse, on the same articles and behaviours: pages, start, memory. GORSE names its program `gorse-in-one`; without it
// there is nothing to compare with. Gorse answers with ten ids, we with ten cards, their counts and tokens.

import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { all, CONNECTIONS, feed, firstPages, newDevice, newViewers, REQUESTS, scroll } from './feed-cases.ts'
import { configureGorse, post, SKIPPED, startGorse } from './gorse-server.ts'
import { settle } from './growth.ts'
import { importWorld, makeWorld, removeWorld, type World } from './growth-world.ts'
import type { Outcome } from './load.ts'
import { type Running, run } from './processes.ts'
import { median, type Report, round } from './report.ts'

const ARTICLES = Number(process.env.GORSE_ARTICLES ?? 684)
const ROUNDS = 3
const [ITEMS, FEEDBACK] = [1_000, 100] // of a request
const PATIENCE_MS = 300_000

interface Line extends Record<'source_id' | 'channel' | 'title' | 'action' | 'device_id', string> {
  at: number
}

interface Side {
  server: Running
  url: string
  startMs: number
}

export async function measure(): Promise<Report> {
  const program = process.env.GORSE
  if (!program) return SKIPPED
  const world = await makeWorld(ARTICLES)
  const opened: Running[] = []
  const start = async (begin: () => Promise<Running>, url: (server: Running) => string): Promise<Side> => {
    const began = performance.now()
    const server = await begin()
    const startMs = performance.now() - began
    opened.push(server)
    return { server, url: url(server), startMs }
  }
  try {
    await importWorld(world)
    const config = await configureGorse(world.folder, RECOMMEND)
    const startTheirs = () =>
      start(
        () => startGorse(program, config),
        () => config.url,
      )
    const first = await startTheirs()
    const perSecond = await fill(first.url, world)
    await until(first.url, '/api/latest?n=10')
    await first.server.stop()
    const gorse = await startTheirs()
    const startOurs = () =>
      start(
        () => run('../src/main.ts', [], world.env),
        server => server.ready.split(' ')[1] as string,
      )
    const firstOurs = await startOurs()
    await settle(firstOurs.server)
    await firstOurs.server.stop()
    const ours = await startOurs()
    const viewer = () => `growth-${Math.floor(Math.random() * world.viewers)}`
    const again = await firstPages(ours.url, world.viewers)
    const cases: [what: string, side: Side, work: () => Promise<Outcome>][] = [
      ['the newest for all: Gorse', gorse, () => all(gorse.url, () => ({ path: '/api/latest?n=10' }))],
      ['the page for all: ours', ours, () => all(ours.url, () => ({ path: feed(1) }))],
      ['a list read: Gorse', gorse, () => all(gorse.url, () => ({ path: `/api/recommend/${viewer()}?n=10` }))],
      ['a page read again: ours', ours, () => all(ours.url, again)],
      [
        'the next ten, written back: Gorse',
        gorse,
        () => all(gorse.url, () => ({ path: `/api/recommend/${viewer()}?n=10&write-back-type=exposure` })),
      ],
      ['the next page, stored: ours', ours, async () => scroll(ours.url, await newViewers(ours.url, newDevice))],
    ]
    const figures = cases.map(() => [] as { perSecond: number; cpu: number; failures: number }[])
    for (let i = 0; i <= ROUNDS; i++)
      for (const [n, [, { server }, work]] of cases.entries()) {
        const used = () => server.cpu().own + server.cpu().below
        const before = used()
        const { requests, perSecond, failures } = await work()
        if (i > 0) figures[n]?.push({ perSecond, cpu: ((used() - before) / requests) * 1e6, failures })
      }
    const line = (what: string, rate: number | string, cpu: number | string, failures: number | string = '') => ({
      what,
      'per s': rate,
      'processor µs': cpu,
      failures,
    })
    return {
      load: `${ARTICLES} articles, ${world.behaviours} behaviours of ${world.viewers} viewers; medians of ${ROUNDS} alternating rounds of ${REQUESTS} requests on ${CONNECTIONS} connections; all processes`,
      rows: [
        ...cases.map(([what], n) => {
          const rounds = figures[n] ?? []
          const failures = rounds.reduce((sum, each) => sum + each.failures, 0)
          return line(what, round(median(rounds.map(each => each.perSecond))), round(median(rounds.map(each => each.cpu))), failures)
        }),
        line(`behaviours, batches of ${FEEDBACK}: Gorse`, round(perSecond.rows), round(perSecond.cpu)),
        line('start, ms: Gorse', round(gorse.startMs), ''),
        line('start, ms: ours', round(ours.startMs), ''),
        line('memory, MB: Gorse', round(gorse.server.treeMb()), ''),
        line('memory, MB: ours', round(ours.server.treeMb()), ''),
      ],
    }
  } finally {
    for (const server of opened) await server.stop()
    await removeWorld(world)
  }

  /** Sends the articles and behaviours of the world. Returns behaviours a second, and µs of processor time for each. */
  async function fill(url: string, { folder }: World): Promise<{ rows: number; cpu: number }> {
    const lines = (name: string): Line[] =>
      readFileSync(join(folder, name), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map(text => JSON.parse(text))
    const now = Date.now()
    const items = lines('articles.jsonl').map(({ source_id, channel, title }, i, { length }) => ({
      ItemId: source_id,
      Categories: [channel],
      Comment: title,
      Labels: {},
      Timestamp: new Date(now - (length - i) * 60_000).toISOString(),
    }))
    for (let i = 0; i < items.length; i += ITEMS) await post(`${url}/api/items`, items.slice(i, i + ITEMS))
    const feedback = lines('behaviours.jsonl').map(({ action, device_id, source_id, at }) => ({
      FeedbackType: action,
      UserId: device_id,
      ItemId: source_id,
      Timestamp: new Date(at).toISOString(),
    }))
    const [{ cpu }, began] = [opened.at(-1) as Running, performance.now()]
    const before = cpu().own + cpu().below
    for (let i = 0; i < feedback.length; i += FEEDBACK) await post(`${url}/api/feedback`, feedback.slice(i, i + FEEDBACK))
    const seconds = (performance.now() - began) / 1000
    return { rows: feedback.length / seconds, cpu: ((cpu().own + cpu().below - before) / feedback.length) * 1e6 }
  }
}

/** Gorse makes its lists in the background. */
async function until(url: string, path: string): Promise<void> {
  for (const giveUp = performance.now() + PATIENCE_MS; performance.now() < giveUp; ) {
    const list = (await (await fetch(url + path)).json()) as unknown[] | null
    if (list && list.length > 0) return
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  throw new Error(`${path} stayed empty`)
}

const RECOMMEND = `[recommend.data_source]
positive_feedback_types = ["click"]
read_feedback_types = ["exposure"]
[recommend.collaborative]
type = "mf"
[recommend.ranker]
type = "fm"
recommenders = ["latest", "collaborative"]
[recommend.fallback]
recommenders = ["latest"]`
