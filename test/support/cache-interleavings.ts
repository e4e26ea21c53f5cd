// Random orders of everything that can happen to a cache in two processes.

import fc from 'fast-check'
import type { Redis } from '../../src/engines/redis/redis.ts'
import { type CacheProcess, createRows, type Key, startProcess } from './caches.ts'
import { PATIENCE_MS } from './waiting.ts'

type Step =
  | { do: 'read'; process: number; key: Key }
  | { do: 'change' | 'delete' | 'lease expires'; key: Key }
  | { do: 'answer'; which: number }
  | { do: 'deliver changes'; process: number }
  | { do: 'redis is flushed' }

const key = fc.constantFrom('k1', 'k2')
const process = fc.nat(1)
const stepLists = fc.array(
  fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('read' as const), process, key }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('delete' as const), key }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('answer' as const), which: fc.nat(7) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('deliver changes' as const), process }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('lease expires' as const), key }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('redis is flushed' as const) }) },
  ),
  { minLength: 4, maxLength: 16 },
)

/**
 * Runs reads, delayed answers of the database, changes and their delivery to the processes in random orders. Throws, with the
 * seed, if a read that begins after its process learned of a change returns a value from before it.
 */
export async function checkInterleavings({ runs, seed, redis }: { runs: number; seed: number; redis?: Redis }): Promise<void> {
  let round = 0
  await fc.assert(
    fc.asyncProperty(stepLists, async steps => {
      await runSteps(steps, `order${seed}.${round++}`, redis)
    }),
    { numRuns: runs, seed, endOnFailure: true },
  )
}

async function runSteps(steps: Step[], name: string, redis: Redis | undefined): Promise<void> {
  const rows = createRows()
  // Answers of the database that are on their way.
  const pending: (() => void)[] = []
  const afterRead = () => new Promise<void>(resolve => void pending.push(resolve))
  const processes = [0, 1].map(() =>
    startProcess({ rows, redis, name, random: () => 0, afterRead, options: { entriesMax: 9, absentMax: 9 } }),
  )
  const changesBefore = (position: number, row: Key) => rows.log.slice(0, position).filter(one => one.row === row).length
  /** How far in the log each process has read. */
  const delivered = [0, 0]
  const reads: Promise<void>[] = []
  // All values that a row has had, 0 where it was deleted.
  const valuesOf: Map<Key, number[]> = new Map([
    ['k1', [0]],
    ['k2', [0]],
  ])
  let next = 1
  const change = (row: Key, deleted: boolean) => {
    const value = next++
    if (deleted) rows.drop(row)
    else rows.put(row, value)
    valuesOf.get(row)?.push(deleted ? 0 : value)
  }
  const read = (i: number, row: Key) => {
    const known = changesBefore(delivered[i] as number, row)
    const allowed = () => valuesOf.get(row)?.slice(known)
    reads.push(
      (processes[i] as CacheProcess).cache.get(row).then(value => {
        if (!allowed()?.includes(value ?? 0)) throw new Error(`process ${i} read ${value} of ${row}; allowed are ${allowed()}`)
      }),
    )
  }
  const settle = async () => {
    // Commands sent earlier have been executed when this one is answered.
    await redis?.send(['PING'], PATIENCE_MS)
    await new Promise(resolve => setImmediate(resolve))
    const entries = await redis?.pipeline<string | null>(
      ['k1', 'k2'].map(row => ['GET', `bs:{cache:${name}:${row}}`]),
      PATIENCE_MS,
    )
    for (const [i, text] of (entries ?? []).entries()) {
      if (typeof text !== 'string') continue
      const row = `k${i + 1}`
      const value = text.endsWith('|-') ? 0 : Number(text.split('|').at(-1))
      const known = changesBefore(Math.max(...delivered), row)
      if (!valuesOf.get(row)?.slice(known).includes(value)) throw new Error(`${text} was stored after its change was known`)
    }
  }
  for (const step of steps) {
    if (step.do === 'read') read(step.process, step.key)
    else if (step.do === 'change') change(step.key, false)
    else if (step.do === 'delete') change(step.key, true)
    else if (step.do === 'answer') pending.splice(step.which % Math.max(pending.length, 1), 1)[0]?.()
    else if (step.do === 'deliver changes') {
      delivered[step.process] = rows.log.length
      processes[step.process]?.deliverChanges()
    } else if (step.do === 'lease expires') await redis?.send(['UNLINK', `bs:{cache:${name}:${step.key}}:lease`], PATIENCE_MS)
    else await redis?.send(['FLUSHALL'], PATIENCE_MS)
    await settle()
  }
  // In the end every process has all changes, and reads the final rows.
  for (const [i, one] of processes.entries()) {
    delivered[i] = rows.log.length
    one.deliverChanges()
  }
  await settle()
  for (const i of [0, 1]) for (const row of ['k1', 'k2']) read(i, row)
  const finished = Promise.all(reads)
  let done = false
  finished.finally(() => (done = true)).catch(() => {})
  for (const giveUp = performance.now() + PATIENCE_MS; !done; ) {
    if (performance.now() > giveUp) throw new Error('a read never ends')
    pending.splice(0).forEach(answer => answer())
    await new Promise(resolve => setImmediate(resolve))
  }
  await finished
}
