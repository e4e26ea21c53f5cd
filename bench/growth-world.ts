// The worlds of `growth`: each is imported from files that are made here, articles, and clicks and exposures of devices over the
// last weeks.

import { createWriteStream, existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createSeededRandom } from '../src/base/seeded-random.ts'
import { runToEnd } from './processes.ts'

const DAYS = 21

export interface World {
  articles: number
  behaviours: number
  viewers: number
  folder: string
  /** It is there for the next run too. */
  isKept: boolean
  env: Record<string, string>
}

// The index of the search is built in the background by the worker: above that, for the better part of an hour. What a request and
// a start cost is then measured without the worker.
const WITH_WORKER_MAX = 100_000
const FOLDER = process.env.GROWTH_WORLDS
const IMPORTED = 'imported.json'

export async function makeWorld(articles: number): Promise<World> {
  const folder = FOLDER ? join(FOLDER, String(articles)) : await mkdtemp(join(tmpdir(), 'broadsheet-bench-growth-'))
  await mkdir(folder, { recursive: true })
  const behaviours = Math.round(articles * 1.5)
  const viewers = Math.max(20, Math.round(articles / 35))
  const random = createSeededRandom('growth', articles)
  const now = Date.now()
  const write = (name: string, lines: Iterable<string>) => pipeline(Readable.from(lines), createWriteStream(join(folder, name)))
  if (!existsSync(join(folder, IMPORTED))) {
    await write('articles.jsonl', articleLines(articles))
    await write('behaviours.jsonl', behaviourLines({ articles, behaviours, viewers, now, int: random.int }))
  }
  const roles: Record<string, string> = articles > WITH_WORKER_MAX ? { ROLES: 'api,realtime,recommender' } : {}
  const env = { DATA_DIR: join(folder, 'data'), PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'error', DEMO: '0', ...roles }
  return { articles, behaviours, viewers, folder, isKept: FOLDER !== undefined, env }
}

export async function removeWorld({ folder, isKept }: World): Promise<void> {
  if (!isKept) await rm(folder, { recursive: true, force: true })
}

function* articleLines(count: number): Generator<string> {
  for (let i = 0; i < count; i++)
    yield `${JSON.stringify({ title: `第${i}条：城市与科技的一天`, channel: `频道${i % 20}`, author: `作者${i % 200}`, source_id: `growth:${i}` })}\n`
}

/** Half of the clicks are on the newest tenth of the articles. */
function* behaviourLines({
  articles,
  behaviours,
  viewers,
  now,
  int,
}: {
  articles: number
  behaviours: number
  viewers: number
  now: number
  int: (from: number, to: number) => number
}): Generator<string> {
  for (let i = 0; i < behaviours; i++) {
    const article = int(0, 1) === 0 ? int(Math.floor(articles * 0.9), articles - 1) : int(0, articles - 1)
    const at = now - int(1_000, DAYS * 86_400_000)
    yield `${JSON.stringify({ action: i % 4 === 0 ? 'exposure' : 'click', device_id: `growth-${int(0, viewers - 1)}`, source_id: `growth:${article}`, at })}\n`
  }
}

/** Lines a second, the start of the command included; of a world that was kept, when it was imported. */
export async function importWorld({ articles, behaviours, folder, env }: World): Promise<[what: string, rate: number][]> {
  const imported = join(folder, IMPORTED)
  if (existsSync(imported)) return JSON.parse(await readFile(imported, 'utf8'))
  const rate = async (what: string, lines: number) => {
    const began = performance.now()
    await runToEnd('../src/cli/main.ts', ['import', what, join(folder, `${what}.jsonl`)], env)
    return lines / ((performance.now() - began) / 1000)
  }
  const rates: [string, number][] = [
    ['articles imported a second', await rate('articles', articles)],
    ['behaviours imported a second', await rate('behaviours', behaviours)],
  ]
  await writeFile(imported, JSON.stringify(rates))
  return rates
}
