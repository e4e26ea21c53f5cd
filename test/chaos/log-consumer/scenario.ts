// Kills a process with two durable consumers between reading changes and committing the offset. One has its effect in a table,
// the other in a file. consumer-process.ts says when it has reached the point at which it is to be killed, and stays there.

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cleanup } from '../../support/cleanup.ts'
import type { TestDatabase } from '../../support/database.ts'
import { eventually, PATIENCE_MS, pause, within } from '../../support/waiting.ts'
import type { KillPoint } from './consumer-process.ts'

const PROCESS = join(import.meta.dirname, 'consumer-process.ts')
const KILL_POINTS: KillPoint[] = ['after the effect elsewhere', 'after the effect in postgres', 'before the effect in postgres']
const CHANGE_INTERVAL_MS = 30 // a process starts in some tenths of a second, so each kill leaves several changes unread

export function createLogConsumerScenario({ pool, url }: TestDatabase) {
  const folder = mkdtempSync(join(tmpdir(), 'broadsheet-log-consumer-'))
  cleanup(async () => rmSync(folder, { recursive: true, force: true }))
  const file = join(folder, 'effects')
  let lastId = 0

  /** Each is a change in a transaction of its own. */
  const insertReader = () => pool.query('insert into reader (id, name) values ($1, $2)', [++lastId, `reader ${lastId}`])

  const start = (killPoint: KillPoint | 'none') =>
    spawn(process.execPath, [PROCESS, url, file, killPoint], { stdio: ['ignore', 'pipe', 'inherit'] })

  async function killAt(killPoint: KillPoint): Promise<void> {
    const child = start(killPoint)
    const said = Promise.race([once(child.stdout as NodeJS.ReadableStream, 'data'), failWhenEnded(child, killPoint)])
    const reached = within(said, `a consumer is ${killPoint}`, 3 * PATIENCE_MS)
    for (
      let isThere = false;
      !isThere;
      isThere = await Promise.race([reached.then(() => true), pause(CHANGE_INTERVAL_MS).then(() => false)])
    )
      await insertReader()
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }

  const inPostgres = async () => (await pool.query<{ key: string }>('select key::text as key from effect')).rows.map(row => row.key)
  const elsewhere = () => readFileSync(file, 'utf8').split('\n').filter(Boolean)

  return {
    async killConsumers(kills: number) {
      await pool.query('create table effect (key bigint not null)')
      writeFileSync(file, '')
      await killAt('during the snapshot')
      for (let round = 1; round < kills; round++) await killAt(KILL_POINTS[round % KILL_POINTS.length] as KillPoint)
      await insertReader() // a consumer that has this one has read again what the last kill left
      const last = start('none')
      const ended = once(last, 'exit')
      try {
        await eventually(
          async () => Math.min(new Set(await inPostgres()).size, new Set(elsewhere()).size),
          count => count >= lastId,
          3 * PATIENCE_MS,
        )
      } finally {
        last.kill('SIGKILL')
        await ended
      }
      const [postgres, other] = [await inPostgres(), elsewhere()]
      const distinct = [new Set(postgres).size, new Set(other).size] as const
      return {
        changes: lastId,
        missing: 2 * lastId - distinct[0] - distinct[1],
        repeatedInPostgres: postgres.length - distinct[0],
        repeatedElsewhere: other.length - distinct[1],
      }
    },
  }
}

async function failWhenEnded(child: ChildProcess, killPoint: KillPoint): Promise<never> {
  const [code] = await once(child, 'exit')
  throw new Error(`the process ended with ${code} and never was ${killPoint}`)
}
