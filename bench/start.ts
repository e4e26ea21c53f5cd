// How long it takes from the command to the line that says ready: the first time, and every other time.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { run } from './processes.ts'
import { median, type Report, round } from './report.ts'

const ROUNDS = 7

export async function measure(): Promise<Report> {
  const times: Record<'an empty program' | 'first start' | 'warm start', number[]> = {
    'an empty program': [],
    'first start': [],
    'warm start': [],
  }
  for (let i = 0; i < ROUNDS; i++) {
    const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-bench-start-'))
    const env = { DATA_DIR: dataDir, PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'warn', DEMO: '1' }
    times['an empty program'].push(await timed(async () => (await run('./empty-program.ts', [], {})).stop))
    for (const kind of ['first start', 'warm start'] as const)
      times[kind].push(await timed(async () => (await run('../src/main.ts', [], env)).stop))
    await rm(dataDir, { recursive: true, force: true })
  }
  return {
    load: `${ROUNDS} rounds on a new data folder each, with the demo world; milliseconds to the ready line`,
    rows: Object.entries(times).map(([what, values]) => ({
      what,
      'median ms': round(median(values)),
      'least ms': round(Math.min(...values)),
      'most ms': round(Math.max(...values)),
    })),
  }
}

async function timed(start: () => Promise<() => Promise<void>>): Promise<number> {
  const began = performance.now()
  const stop = await start()
  const took = performance.now() - began
  await stop()
  return took
}
