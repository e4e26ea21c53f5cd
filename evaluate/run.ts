// `npm run evaluate -- SET FOLDER [--json]`: the quality of the ranking on a public log, in strict order of time, beside simpler
// rankings. Prints a table and draws a plot, or prints one JSON object. The logs are not part of this project.

import { cpus } from 'node:os'
import { withProgress } from '../src/cli/progress.ts'
import type { Evaluation, Progress } from './evaluation.ts'
import { tableOf } from './report.ts'

const SETS: Record<string, () => Promise<{ evaluate(folder: string, progress: Progress): Promise<Evaluation> }>> = {
  ebnerd: () => import('./ebnerd/evaluate.ts'),
  mind: () => import('./mind/evaluate.ts'),
  recprompt: () => import('./recprompt/evaluate.ts'),
  globo: () => import('./globo/evaluate.ts'),
  cf: () => import('./cf/evaluate.ts'),
}

if (process.argv[2] === 'own') await runOwn(process.argv.slice(3))
const [name = '', folder, ...options] = process.argv.slice(2)
const set = SETS[name]
if (!set || !folder || folder.startsWith('-') || options.some(option => option !== '--json')) {
  process.stderr.write(`npm run evaluate -- ${Object.keys(SETS).join('|')} FOLDER [--json]\nnpm run evaluate -- own [--as FILE] [--json]\n`)
  process.exit(2)
}
try {
  const { evaluate } = await set()
  const startedAt = performance.now()
  const evaluation = await withProgress(process.stderr, name, progress => evaluate(folder, progress))
  const { user, system } = process.cpuUsage()
  const cost = {
    seconds: Math.round((performance.now() - startedAt) / 100) / 10,
    cpu_seconds: Math.round((user + system) / 1e5) / 10,
    memory_mb: Math.round(process.resourceUsage().maxRSS / 1024),
    machine: `${cpus()[0]?.model.trim()}, Node ${process.versions.node}`,
    ...evaluation.cost,
  }
  if (options.includes('--json'))
    process.stdout.write(`${JSON.stringify({ protocol: evaluation.protocol, rows: evaluation.rows, cost })}\n`)
  else {
    const { drawPlot } = await import('./plot.ts') // loads a charting library
    process.stdout.write(`${tableOf(evaluation)}${JSON.stringify(cost)}\nplot: ${await drawPlot(name, evaluation)}\n`)
  }
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`)
  process.exit(1)
}

/** Ends the process. */
async function runOwn(args: string[]): Promise<never> {
  const [as, file, ...rest] = args[0] === '--as' ? args : ['', undefined, ...args]
  if ((as && !file) || rest.some(option => option !== '--json')) {
    process.stderr.write('npm run evaluate -- own [--as FILE] [--json]\n')
    process.exit(2)
  }
  try {
    const { evaluateOwn } = await import('./own/evaluate.ts')
    process.exit(await evaluateOwn({ file, json: rest.includes('--json'), env: process.env }))
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n`)
    process.exit(1)
  }
}
