// What grows with an installation: the same measurements at three sizes, whose servers run at once and are asked in turn.
// GROWTH_WORLDS=FOLDER keeps their worlds there for the next run.

import { afterClicks, all, CONNECTIONS, firstPages, newDevice, newViewers, READS, REQUESTS, scroll } from './feed-cases.ts'
import { importWorld, makeWorld, removeWorld, type World } from './growth-world.ts'
import type { Outcome } from './load.ts'
import { type Running, run } from './processes.ts'
import { median, quantile, type Report, round } from './report.ts'

// The demo world, a large publisher, and ten times that. GROWTH_SIZES names others, separated by commas.
const SIZES = (process.env.GROWTH_SIZES ?? '684,35000,350000').split(',').map(Number)
const ROUNDS = 3
const STARTS = 3
// Who read their page again: as many as ask within the two minutes for which it is in memory. The same in each world: with twenty, each
// page is kept as bytes for the next request, and the larger world would have the dearer readers.
const READERS = 1_000
// What a first start does in the background, such as building the index of the search, is no part of a request.
const [SETTLING_MS, SETTLED_SHARE, SETTLING_MAX] = [2_000, 0.1, 300]

export async function measure(): Promise<Report> {
  const worlds: World[] = []
  const figures = new Map<World, Record<string, number[]>>()
  const servers = new Map<World, Running & { url: string }>()
  const add = (world: World, what: string, value: number) => {
    const known = figures.get(world) ?? {}
    known[what] = [...(known[what] ?? []), value]
    figures.set(world, known)
  }
  try {
    for (const articles of SIZES) {
      const world = await makeWorld(articles)
      worlds.push(world)
      for (const [what, rate] of await importWorld(world)) add(world, what, rate)
      for (let i = 0; i < STARTS; i++) {
        const began = performance.now()
        const server = await run('../src/main.ts', [], world.env)
        if (i > 0) add(world, 'warm start ms', performance.now() - began)
        if (i > 0) add(world, 'warm start: processor ms', (server.cpu().own + server.cpu().below) * 1000)
        await settle(server)
        if (i < STARTS - 1) await server.stop()
        else add(world, 'memory MB', server.treeMb())
        if (i === STARTS - 1) servers.set(world, { ...server, url: server.ready.split(' ')[1] as string })
      }
    }
    for (let i = 0; i <= ROUNDS; i++)
      for (const [world, server] of servers) {
        const again = await firstPages(server.url, READERS)
        const devices = await newViewers(server.url, newDevice)
        for (const [what, work] of [
          ['(a) read again', () => all(server.url, again)],
          ['(b) next page', () => scroll(server.url, devices)],
        ] as const) {
          const { requests, cpu, database } = await withCpu(server, work)
          if (i === 0) continue
          add(world, `${what}: node µs`, (cpu / requests) * 1e6)
          add(world, `${what}: postgres µs`, (database / requests) * 1e6)
        }
        if (i === 0) continue
        const times = await afterClicks(server.url, newDevice)
        add(world, '(c) after a click: p50 ms', median(times))
        add(world, '(c) after a click: p99 ms', quantile(times, 0.99))
      }
    for (const [world, server] of servers) add(world, 'memory under load MB', server.treeMb())
    return { load: describe(), rows: toRows(worlds, figures) }
  } finally {
    for (const server of servers.values()) await server.stop()
    for (const world of worlds) await removeWorld(world)
  }
}

const describe = () =>
  `medians of ${ROUNDS} alternating rounds of ${REQUESTS} requests (${READS} of those that store nothing) on ${CONNECTIONS} connections after one that does not count; µs of processor time a request; memory of the whole tree (PSS)`

function toRows(worlds: World[], figures: Map<World, Record<string, number[]>>): Report['rows'] {
  const names = Object.keys(figures.get(worlds[0] as World) ?? {})
  return names.map(what => {
    const values = worlds.map(world => round(median(figures.get(world)?.[what] ?? [])))
    const columns = worlds.map(({ articles }, i) => [`${articles} articles`, values[i] as number])
    return { what, ...Object.fromEntries(columns), 'last of first': round((values.at(-1) as number) / (values[0] as number)) }
  })
}

export async function settle({ cpu }: Running): Promise<void> {
  const used = () => cpu().own + cpu().below
  for (let i = 0; i < SETTLING_MAX; i++) {
    const before = used()
    await new Promise(resolve => setTimeout(resolve, SETTLING_MS))
    if (used() - before < (SETTLING_MS / 1000) * SETTLED_SHARE) return
  }
}

async function withCpu(server: Running, work: () => Promise<Outcome>): Promise<{ requests: number; cpu: number; database: number }> {
  const before = server.cpu()
  const { requests } = await work()
  const after = server.cpu()
  return { requests, cpu: after.own - before.own, database: after.below - before.below }
}
