// What is measured runs in processes of its own, so that the one that asks does not share their event loop.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Running {
  /** What it printed on its line that begins with `ready`. */
  ready: string
  /** Seconds of processor time so far: its own, and that of all processes below it. */
  cpu(): { own: number; below: number }
  /** Memory of it and all processes below it now; what several share is divided among them (PSS). */
  treeMb(): number
  /** Memory resident now. */
  residentMb(): number
  /** With `ipc`: sends it a message. */
  send(message: string): void
  /** The most memory it has had resident. */
  peakMb(): number
  stop(): Promise<void>
}

export async function run(file: string, args: string[], env: Record<string, string>, { ipc = false } = {}): Promise<Running> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit', ...(ipc ? (['ipc'] as const) : [])],
  })
  return {
    ready: await readyLine(child),
    cpu: () => cpuOf(child.pid as number),
    treeMb: () => treeMemoryOf(child.pid as number),
    residentMb: () => memoryOf(child.pid as number, 'VmRSS'),
    send: message => void child.send(message),
    peakMb: () => memoryOf(child.pid as number, 'VmHWM'),
    stop: () => stop(child),
  }
}

/** Runs a program to its end. Throws if it fails. */
export async function runToEnd(file: string, args: string[], env: Record<string, string>): Promise<void> {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, import.meta.url)), ...args], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'ignore', 'ignore'],
  })
  const [code] = await once(child, 'exit')
  if (code !== 0) throw new Error(`${file} ${args.join(' ')} ended with ${code}`)
}

/** The product on a new data folder with the demo world, on ports of its own. */
export async function runProduct(env: Record<string, string> = {}): Promise<Running & { url: string; grpc: string }> {
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  const running = await run('../src/main.ts', [], { DATA_DIR: dataDir, PORT: '0', GRPC_PORT: '0', LOG_LEVEL: 'warn', DEMO: '1', ...env })
  const [, url = '', , grpc = ''] = running.ready.split(' ')
  return {
    ...running,
    url,
    grpc,
    async stop() {
      await running.stop()
      await rm(dataDir, { recursive: true, force: true })
    },
  }
}

async function readyLine(child: ChildProcess): Promise<string> {
  let text = ''
  for await (const chunk of child.stdout as AsyncIterable<Buffer>) {
    text += chunk
    const line = /^ready.*$/m.exec(text)?.[0]
    if (line) {
      child.stdout?.on('error', () => {})
      return line
    }
  }
  throw new Error(`it did not become ready:\n${text}`)
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return
  child.kill('SIGTERM')
  await once(child, 'exit')
}

function memoryOf(pid: number, field: 'VmRSS' | 'VmHWM'): number {
  const line = readFileSync(`/proc/${pid}/status`, 'utf8')
    .split('\n')
    .find(each => each.startsWith(`${field}:`))
  return Number.parseInt(line?.slice(field.length + 1) ?? '', 10) / 1024
}

// Linux counts processor time in hundredths of a second.
const TICKS = 100

function cpuOf(pid: number): { own: number; below: number } {
  const processes = listProcesses()
  const below = treeOf(pid, processes)
  const seconds = (wanted: (one: { pid: number }) => boolean) => processes.filter(wanted).reduce((sum, one) => sum + one.ticks, 0) / TICKS
  return { own: seconds(one => one.pid === pid), below: seconds(one => one.pid !== pid && below.has(one.pid)) }
}

function treeMemoryOf(pid: number): number {
  let kb = 0
  for (const each of treeOf(pid, listProcesses()))
    try {
      kb += Number(/^Pss: +(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))?.[1] ?? 0)
    } catch {} // it ended while we looked
  return kb / 1024
}

const listProcesses = () =>
  readdirSync('/proc')
    .filter(name => /^\d+$/.test(name))
    .flatMap(statOf)

function treeOf(pid: number, processes: { pid: number; parent: number }[]): Set<number> {
  const tree = new Set([pid])
  for (let size = 0; size !== tree.size; ) {
    size = tree.size
    for (const one of processes) if (tree.has(one.parent)) tree.add(one.pid)
  }
  return tree
}

function statOf(pid: string): { pid: number; parent: number; ticks: number }[] {
  try {
    // The name, in parentheses, may hold anything; what follows is numbers: state, parent, …, and from the 12th on times.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')
      .map(Number)
    return [{ pid: Number(pid), parent: fields[1] ?? 0, ticks: (fields[11] ?? 0) + (fields[12] ?? 0) }]
  } catch {
    return [] // it ended while we looked
  }
}
