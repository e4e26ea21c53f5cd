// Kills the whole product again and again while readers use it over HTTP, starts it again, and verifies that nothing it
// acknowledged is lost.

import assert from 'node:assert/strict'
import { postgresPid, processesUsing } from '../../support/data-folder-processes.ts'
import { type ServerProcess, spawnServer, startServer } from '../../support/server-process.ts'
import { eventually, pause } from '../../support/waiting.ts'
import { createLedger } from './ledger.ts'
import { createReaders } from './readers.ts'
import { ARTICLES, compareCounts, countDeltas, insertArticles } from './rows.ts'
import { verifyPages, verifyRows } from './verify.ts'

const QUIET = { LOG_LEVEL: 'silent' }

export interface KillOptions {
  dataDir: string
  /** Of three rounds each has another kind of kill. */
  firstRound: number
  rounds: number
  /** How long a write that a GET implies may take once it has begun. */
  readWriteMs: number
  /** Between two steps of a reader. */
  restMs: number
}

export async function runKills({ dataDir, firstRound, rounds, readWriteMs, restMs }: KillOptions) {
  const ledger = createLedger()
  const { figures } = ledger
  const readers = createReaders(ledger, restMs)

  async function start(): Promise<ServerProcess> {
    const server = await startServer(undefined, dataDir, QUIET, true)
    figures.starts.push(server.startMs)
    return server
  }

  /** The server's process group, and every other process on the data folder. */
  async function killAll(server: Pick<ServerProcess, 'pid' | 'ended'>): Promise<void> {
    for (const pid of [-server.pid, ...processesUsing(dataDir)])
      try {
        process.kill(pid, 'SIGKILL')
      } catch {} // it has ended meanwhile
    await server.ended()
  }

  async function kill(round: number): Promise<void> {
    // Every third round PostgreSQL is killed first, and the rest while the server starts it again.
    if (round % 3 === 2) {
      process.kill(postgresPid(dataDir) as number, 'SIGKILL')
      await pause(600 * Math.random())
    }
    // Every third round PostgreSQL is left running and has to notice that its server is gone.
    if (round % 3 === 1) process.kill(-server.pid, 'SIGKILL')
    else await killAll(server)
    await server.ended()
  }

  async function killStart(): Promise<void> {
    const starting = spawnServer(dataDir, QUIET, true)
    await pause(100 + 1_200 * Math.random())
    await killAll(starting)
    figures.killedStarts++
  }

  let server = await start()
  await insertArticles(dataDir)
  await waitForCatalogue(server.url)
  try {
    for (let round = firstRound; round < firstRound + rounds; round++) {
      const opensBefore = ledger.opens.length
      const busy = readers.keepBusy(server.url)
      await pause(300 + 600 * Math.random()) // the kill comes at another point each time
      // A kill proves something only after some writes.
      await eventually(
        () => ledger.opens.length - opensBefore,
        opens => opens > 3,
      )
      const killedAt = performance.now()
      await kill(round)
      await busy
      if (round % 5 === 4) await killStart()
      server = await start()
      await verifyRows({ dataDir, ledger, killedAt, readWriteMs })
      await verifyPages(server.url, ledger, readers, { all: round === firstRound + rounds - 1 })
    }
    // What is compared is folded counts too.
    await eventually(
      () => countDeltas(dataDir),
      deltas => deltas === 0,
    )
    const { counts, wrong } = await compareCounts(dataDir)
    assert.deepEqual(wrong, [], 'counts differ from their rows')
    server.kill('SIGTERM')
    assert.equal((await server.ended()).code, 0)
    const { length: pages } = ledger.pages
    return { ...figures, readers: ledger.readers.length, pages, opens: ledger.opens.length, ids: ledger.ids(), counts }
  } finally {
    await killAll(server)
  }
}

async function waitForCatalogue(url: string): Promise<void> {
  await eventually(
    async () => /^catalogue_articles .*$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[0],
    line => line === `catalogue_articles ${ARTICLES}`,
  )
}

/** One line for the test's diagnostics. */
export function summarise(rounds: number, result: Awaited<ReturnType<typeof runKills>>): string {
  const starts = result.starts.toSorted((a, b) => a - b)
  return [
    `${rounds} kills and ${result.killedStarts} of starts: nothing acknowledged lost`,
    `${result.readers} readers and sessions, ${result.patches} writes of channels, ${result.pages} pages (${result.rechecked} requested again)`,
    `${result.opens} opens (${result.opensLost} lost, the oldest ${result.oldestLostMs} ms before a kill), ${result.refused} requests refused`,
    `${result.ids} ids, none twice; ${result.counts} counts exact`,
    `start after a kill ${starts[Math.floor(starts.length / 2)]} ms, at most ${starts.at(-1)}`,
  ].join(' · ')
}
