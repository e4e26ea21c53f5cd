// Three kinds of feed requests, measured apart: a page read again (or the shared page of anonymous viewers), the next page of a
// feed session, which is stored before it is answered, and a refresh right after a click.

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  afterClicks,
  afterPauses,
  all,
  CONNECTIONS,
  feed,
  newDevice,
  newViewers,
  OFFERED,
  READS,
  REQUESTS,
  readAgain,
  scroll,
  signInReader,
  VIEWERS_OFFERED,
} from './feed-cases.ts'
import { settle } from './growth.ts'
import type { Outcome } from './load.ts'
import { type Running, run, runProduct } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

const ROUNDS = 5
// The code is compiled while it runs: before that a request costs up to twice as much.
const ROUNDS_BEFORE = 2

interface Case {
  who: string
  server: Running
  /** Headers of viewers, made before the measurement. */
  prepare?: () => Promise<string[]>
  measureCase: (viewers: readonly string[]) => Promise<Outcome>
}

export async function measure(): Promise<Report> {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-bytes-'))
  const product = await runProduct()
  const bytes = Buffer.from(await (await fetch(product.url + feed(1))).arrayBuffer())
  await writeFile(join(folder, 'page.json'), bytes)
  const bare = await run('./bare.ts', [join(folder, 'page.json')], {})
  const fastify = await run('./bare-fastify.ts', [join(folder, 'page.json')], {})
  await settle(product) // the index of the search is built after a first start
  const urlOf = ({ ready }: Running) => ready.split(' ')[1] as string
  try {
    const cases: Record<string, Case> = {
      'bare node:http': { who: '', server: bare, measureCase: () => all(urlOf(bare), () => ({ path: '/' })) },
      'bare Fastify': { who: '', server: fastify, measureCase: () => all(urlOf(fastify), () => ({ path: '/' })) },
      '(a) the shared page': { who: 'anonymous', server: product, measureCase: () => all(product.url, () => ({ path: feed(1) })) },
      '(a) a page read again': {
        who: 'reader',
        server: product,
        prepare: () => newViewers(product.url, signInReader, 1),
        measureCase: viewers => readAgain(product.url, viewers),
      },
      '(b) the next page, stored': {
        who: 'reader',
        server: product,
        prepare: () => newViewers(product.url, signInReader),
        measureCase: viewers => scroll(product.url, viewers),
      },
      '(b) the next page, stored ': {
        who: 'device',
        server: product,
        prepare: () => newViewers(product.url, newDevice),
        measureCase: viewers => scroll(product.url, viewers),
      },
      [`(b) the same, ${OFFERED.perSecond} a second offered`]: {
        who: 'device',
        server: product,
        prepare: () => newViewers(product.url, newDevice, VIEWERS_OFFERED),
        measureCase: viewers => scroll(product.url, viewers, OFFERED),
      },
    }
    const results = new Map<string, (Outcome & { cpu: number; database: number; ratio: number })[]>()
    for (let i = 1 - ROUNDS_BEFORE; i <= ROUNDS; i++) {
      let yardstick = Number.NaN
      for (const [name, { prepare, measureCase, server }] of Object.entries(cases)) {
        const viewers = (await prepare?.()) ?? []
        const before = server.cpu()
        const outcome = await measureCase(viewers)
        const after = server.cpu()
        if (server === bare) yardstick = outcome.perSecond
        const cpu = ((after.own - before.own) / outcome.requests) * 1e6
        const database = ((after.below - before.below) / outcome.requests) * 1e6
        if (i > 0) results.set(name, [...(results.get(name) ?? []), { ...outcome, cpu, database, ratio: outcome.perSecond / yardstick }])
      }
    }
    const alone = {
      'bare node:http, alone': await measureAlone(bare, () => afterPauses(urlOf(bare))),
      '(c) right after a click, alone': await measureAlone(product, () => afterClicks(product.url)),
    }
    return {
      load: `${ROUNDS} alternating rounds of ${REQUESTS} requests (${READS} of those that store nothing) after ${ROUNDS_BEFORE} that do not count, ${CONNECTIONS} connections with one request each, or ${OFFERED.connections} for ${OFFERED.seconds} s whose requests are due at fixed times and count from then, ${bytes.length} bytes a page; medians; µs of processor time a request, of (c) also for its click and the page before`,
      rows: [
        ...[...results].map(([name, rounds]) => {
          const medianOf = (pick: (one: (typeof rounds)[number]) => number) => round(median(rounds.map(pick)))
          const failures = rounds.reduce((sum, one) => sum + one.failures, 0)
          return {
            what: name.trim(),
            who: cases[name]?.who ?? '',
            'per s': medianOf(one => one.perSecond),
            'of bare': medianOf(one => one.ratio),
            'p50 ms': medianOf(one => one.p50),
            'p99 ms': medianOf(one => one.p99),
            'p99.9 ms': medianOf(one => one.p999),
            'node µs': medianOf(one => one.cpu),
            'postgres µs': medianOf(one => one.database),
            failures,
          }
        }),
        ...Object.entries(alone).map(([what, { times, cpu }]) => ({
          what,
          who: what.startsWith('bare') ? '' : 'reader',
          'per s': '',
          'of bare': '',
          'p50 ms': round(median(times)),
          'p99 ms': round(quantile(times, 0.99)),
          'p99.9 ms': '',
          'node µs': round(cpu),
          'postgres µs': '',
          failures: 0,
        })),
      ],
    }
  } finally {
    await Promise.all([product.stop(), bare.stop(), fastify.stop()])
    await rm(folder, { recursive: true })
  }
}

/** Not the time of PostgreSQL: connections that the load before has left idle end meanwhile, and take theirs along. */
async function measureAlone(server: Running, measureTimes: () => Promise<number[]>) {
  const before = server.cpu().own
  const times = await measureTimes()
  return { times, cpu: ((server.cpu().own - before) / times.length) * 1e6 }
}
