// `npm run bench -- NAME [--json]`: measures one thing and prints a table, or one JSON object. Every figure stands beside
// another taken in the same minute, in alternating rounds, because machines are noisy and only ratios last.

import { execFileSync } from 'node:child_process'
import { cpus, totalmem } from 'node:os'
import type { Report } from './report.ts'

const BENCHES: Record<string, () => Promise<{ measure(): Promise<Report> }>> = {
  auth: () => import('./auth.ts'),
  cache: () => import('./cache.ts'),
  'click-to-model': () => import('./click-to-model.ts'),
  counters: () => import('./counters.ts'),
  experiments: () => import('./experiments.ts'),
  feed: () => import('./feed.ts'),
  files: () => import('./files.ts'),
  'for-you': () => import('./for-you.ts'),
  gorse: () => import('./gorse.ts'),
  'gorse-quality': () => import('./gorse-quality.ts'),
  growth: () => import('./growth.ts'),
  grpc: () => import('./grpc.ts'),
  'hints-memory': () => import('./hints-memory.ts'),
  ingest: () => import('./ingest.ts'),
  learning: () => import('./learning.ts'),
  'live-page': () => import('./live-page.ts'),
  moderation: () => import('./moderation.ts'),
  nearest: () => import('./nearest.ts'),
  'off-policy': () => import('./off-policy.ts'),
  push: () => import('./push.ts'),
  ranking: () => import('./ranking.ts'),
  search: () => import('./search.ts'),
  'search-quality': () => import('./search-quality.ts'),
  start: () => import('./start.ts'),
  web: () => import('./web.ts'),
}

const [name = '', ...options] = process.argv.slice(2)
const bench = BENCHES[name]
if (!bench || options.some(option => option !== '--json')) {
  process.stderr.write(`npm run bench -- ${Object.keys(BENCHES).join(' | ')} [--json]\n`)
  process.exit(2)
}
const report = await (await bench()).measure()
const machine = `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`
if (options.includes('--json')) process.stdout.write(`${JSON.stringify({ bench: name, ...report, machine, commit: commit() })}\n`)
else process.stdout.write(`${table(report)}\n${machine}, commit ${commit()}\n${report.load}\n`)

function table({ rows }: Report): string {
  const cells = [Object.keys(rows[0] ?? {}), ...rows.map(row => Object.values(row).map(String))]
  const widths = (cells[0] ?? []).map((_, i) => Math.max(...cells.map(line => line[i]?.length ?? 0)))
  return cells
    .map(line => line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '))
    .join('\n')
}

function commit(): string {
  try {
    return execFileSync('git', ['describe', '--always', '--dirty'], { encoding: 'utf8' }).trim()
  } catch {
    return 'unknown'
  }
}
