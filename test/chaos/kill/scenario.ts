// Kills the whole product again and again while readers use it over HTTP, and keeps a ledger of what they were told was
// done. For tests: a few rounds in every run, many in test/chaos.

import assert from 'node:assert/strict'
import pg from 'pg'
import '../../../src/engines/database/database.ts' // ids come as bigints
import { parseBody } from '../../../src/http/json.ts'
import { postgresPid, postgresUrl, processesUsing } from '../../support/data-folder-processes.ts'
import { type ServerProcess, spawnServer, startServer } from '../../support/server-process.ts'
import { eventually, pause } from '../../support/waiting.ts'

interface Reader {
  id: bigint
  token: string
  /** The place of channel 1 in the reader's list: the last that was acknowledged, and the last that was asked for. */
  seq: { acknowledged: number; asked: number }
}

interface ServedPage {
  reader: Reader
  /** Asks for this page again. */
  number: bigint
  id: bigint
  shown: unknown
}

interface Open {
  viewer: string
  pageId: bigint
  articleId: bigint
  at: number
  /** Whether a look at the rows has found it. */
  found?: true
}

const CHANNELS = 4
const ARTICLES = 600
const PAGES_A_READER = 25
/** For so long the product lets writes wait that a GET implies. */
const READ_WAIT_MS = 50

/** `readWriteMs`: how long those writes may take then. */
export async function runKills({ dataDir, rounds, readWriteMs }: { dataDir: string; rounds: number; readWriteMs: number }) {
  const ledger = {
    readers: [] as Reader[],
    sessions: new Map<bigint, bigint>(),
    pages: [] as ServedPage[],
    opens: [] as Open[],
  }
  const ids = new Map<bigint, string>()
  const figures = { patches: 0, rechecked: 0, openedLate: 0, oldestLost: 0, starts: [] as number[], killedStarts: 0, refused: 0 }
  let mobile = 13_000_000_000
  let seq = 0

  /** Every id is somebody's, and only theirs. */
  function note(id: bigint, of: string): void {
    assert.equal(ids.get(id) ?? of, of, `the id ${id} was given twice`)
    ids.set(id, of)
  }

  async function ask(
    url: string,
    method: string,
    path: string,
    { token, json, trace }: { token?: string; json?: unknown; trace?: string } = {},
  ) {
    const headers: Record<string, string> = {}
    if (token) headers.authorization = `Bearer ${token}`
    if (json) headers['content-type'] = 'application/json'
    if (trace) headers.trace = trace
    const answer = await fetch(url + path, {
      method,
      headers,
      body: json ? JSON.stringify(json) : undefined,
      signal: AbortSignal.timeout(60_000),
    })
    const body = parseBody(await answer.text()) as { data: Record<string, never> }
    return { status: answer.status, source: answer.headers.get('x-feed-source'), data: body.data as Record<string, unknown> }
  }

  async function signIn(url: string): Promise<Reader | undefined> {
    const { status, data } = await ask(url, 'POST', '/app/v1_0/authorizations', { json: { mobile: String(mobile++), code: '246810' } })
    if (status !== 201) return void figures.refused++
    const token = data.token as string
    const claims = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString()) as { user_id: string; sid: string }
    const reader = { id: BigInt(claims.user_id), token, seq: { acknowledged: 0, asked: 0 } }
    note(reader.id, `reader ${reader.id}`)
    note(BigInt(claims.sid), `session of ${reader.id}`)
    ledger.readers.push(reader)
    ledger.sessions.set(BigInt(claims.sid), reader.id)
    return reader
  }

  async function patch(url: string, reader: Reader): Promise<void> {
    reader.seq.asked = ++seq
    const json = { channels: [{ id: 1, seq: reader.seq.asked }] }
    const { status } = await ask(url, 'PATCH', '/app/v1_0/user/channels', { token: reader.token, json })
    if (status !== 201) return void figures.refused++
    reader.seq.acknowledged = reader.seq.asked
    figures.patches++
  }

  interface Result {
    art_id: bigint
    trace: { click: string }
  }

  async function page(url: string, reader: Reader, number: bigint | number) {
    const { status, source, data } = await ask(url, 'GET', `/app/v1_1/articles?channel_id=0&timestamp=${number}&with_top=0`, {
      token: reader.token,
    })
    if (status !== 200) return void figures.refused++
    const results = data.results as Result[]
    const first = results[0]
    // What stands in while the database is away is nobody's page.
    if (!first || (source !== 'model' && source !== 'remainder')) return undefined
    const id = Buffer.from(first.trace.click.slice(1), 'base64url').readBigUInt64BE(6)
    const shown = { ids: results.map(one => one.art_id), traces: results.map(one => one.trace), older: data.pre_timestamp }
    return { id, shown, results, older: data.pre_timestamp as number }
  }

  /** Scrolls, and opens what is shown. */
  async function read(url: string, reader: Reader): Promise<void> {
    let number = Date.now()
    for (let pages = 0; pages < PAGES_A_READER; pages++) {
      const served = await page(url, reader, number)
      if (!served) return
      note(served.id, `page ${number} of ${reader.id}`)
      // A refresh is asked for by the reader's own clock, which after two minutes means another page.
      if (pages > 0) ledger.pages.push({ reader, number: BigInt(number), id: served.id, shown: served.shown })
      for (const { art_id, trace } of served.results.slice(0, 2)) {
        const { status } = await ask(url, 'GET', `/app/v1_0/articles/${art_id}`, { token: reader.token, trace: trace.click })
        if (status === 200) ledger.opens.push({ viewer: `r${reader.id}`, pageId: served.id, articleId: art_id, at: performance.now() })
      }
      number = served.older
    }
  }

  /** Until the server is gone, and every request fails. */
  async function write(url: string): Promise<void> {
    const again = async (step: () => Promise<unknown>): Promise<never> => {
      for (;;) await step()
    }
    const anyone = () => ledger.readers[Math.floor(Math.random() * ledger.readers.length)] as Reader
    // A reader's list is written by one client at a time, so that it is known which write came last.
    const busy = new Set<Reader>()
    const patchOne = async () => {
      const reader = anyone()
      if (busy.has(reader)) return pause(1)
      busy.add(reader)
      await patch(url, reader).finally(() => busy.delete(reader))
    }
    const readOne = async () => {
      const reader = await signIn(url)
      if (reader) await read(url, reader)
    }
    const steps = [...Array(2).fill(() => signIn(url)), ...Array(3).fill(patchOne), ...Array(4).fill(readOne)]
    await Promise.allSettled(steps.map(again))
  }

  async function verify(server: ServerProcess, killedAt: number, whole: boolean): Promise<void> {
    const client = new pg.Client({ connectionString: postgresUrl(dataDir) })
    await client.connect()
    try {
      const rows = async <T extends pg.QueryResultRow>(text: string) => (await client.query<T>(text)).rows
      const readers = new Set((await rows<{ id: bigint }>('select id from reader')).map(row => row.id))
      const sessions = new Map(
        (await rows<{ id: bigint; reader_id: bigint }>('select id, reader_id from session')).map(row => [row.id, row.reader_id]),
      )
      const seqs = new Map(
        (await rows<{ reader_id: bigint; sequence: number }>('select reader_id, sequence from reader_channel where channel_id = 1')).map(
          row => [row.reader_id, row.sequence],
        ),
      )
      const clicks = new Set(
        (
          await rows<{ key: string }>(
            `select viewer || ' ' || page_id || ' ' || article_id as key from behaviour where action = 'click' and page_id is not null`,
          )
        ).map(row => row.key),
      )
      const lost: string[] = []
      for (const reader of ledger.readers) {
        if (!readers.has(reader.id)) lost.push(`reader ${reader.id}`)
        const kept = seqs.get(reader.id) ?? 0
        if (reader.seq.acknowledged > 0 && kept !== reader.seq.acknowledged && kept !== reader.seq.asked)
          lost.push(`channels of ${reader.id}: ${kept} instead of ${reader.seq.acknowledged}`)
        reader.seq.acknowledged = reader.seq.acknowledged > 0 ? kept : 0
      }
      for (const [id, reader] of ledger.sessions) if (sessions.get(id) !== reader) lost.push(`session ${id}`)
      const missing = ledger.opens.filter(({ viewer, pageId, articleId }) => !clicks.has(`${viewer} ${pageId} ${articleId}`))
      for (const { at, viewer, articleId, found } of missing)
        if (found || at < killedAt - READ_WAIT_MS - readWriteMs)
          lost.push(`${viewer} opened ${articleId}, ${Math.round(killedAt - at)} ms before the kill`)
      figures.openedLate += missing.length
      figures.oldestLost = Math.max(figures.oldestLost, ...missing.map(open => Math.round(killedAt - open.at)))
      const gone = new Set(missing)
      ledger.opens = ledger.opens.filter(open => !gone.has(open)).map(open => ({ ...open, found: true }))
      assert.deepEqual(lost, [], 'what was acknowledged is lost')
    } finally {
      await client.end()
    }
    // The newest pages are those the kill may have met; at the end all of them.
    for (const served of whole ? ledger.pages : ledger.pages.slice(-25)) {
      const again = await eventually(
        () => page(server.url, served.reader, served.number),
        found => found !== undefined,
      )
      assert.deepEqual(again?.shown, served.shown, `page ${served.number} of ${served.reader.id} has changed`)
      assert.equal(again?.id, served.id)
      figures.rechecked++
    }
    const last = ledger.readers.at(-1)
    if (last) assert.equal((await ask(server.url, 'GET', '/app/v1_0/user', { token: last.token })).status, 200)
  }

  async function start(): Promise<ServerProcess> {
    const server = await startServer(undefined, dataDir, { LOG_LEVEL: 'silent' }, true)
    figures.starts.push(server.startMs)
    return server
  }

  async function killAll(server: { pid: number; ended: Promise<unknown> }): Promise<void> {
    const postgres = processesUsing(dataDir)
    for (const pid of [-server.pid, ...postgres])
      try {
        process.kill(pid, 'SIGKILL')
      } catch {} // gone by itself meanwhile
    await server.ended
  }

  let server = await start()
  await fill(dataDir)
  await knows(server.url)
  try {
    for (let round = 0; round < rounds; round++) {
      const forMs = 300 + 600 * Math.random() // the first requests of a process are slow, and the kill never comes at the same point
      const before = ledger.opens.length
      const writing = write(server.url)
      await pause(forMs)
      // A kill that meets nothing proves nothing.
      await eventually(
        () => ledger.opens.length - before,
        opens => opens > 3,
      )
      // From here on nothing that waits to be written has its time any more.
      const killedAt = performance.now()
      // Every third time the database dies first, and all the rest while it is being brought back.
      if (round % 3 === 2) {
        process.kill(postgresPid(dataDir) as number, 'SIGKILL')
        await pause(600 * Math.random())
      }
      // Every third time PostgreSQL is left to notice by itself that it has lost us.
      if (round % 3 === 1) process.kill(-server.pid, 'SIGKILL')
      else await killAll(server)
      await server.ended
      await writing
      // And every fifth time the next start is not let through either.
      if (round % 5 === 4) {
        const started = spawnServer(dataDir, { LOG_LEVEL: 'silent' }, true)
        await pause(100 + 1_200 * Math.random())
        await killAll(started)
        figures.killedStarts++
      }
      server = await start()
      await verify(server, killedAt, round === rounds - 1)
    }
    await pause(1_500) // for the worker, which folds every second, to have put together what the kills left
    const drift = await countDrift(dataDir)
    assert.deepEqual(drift.wrong, [], 'counts differ from their rows')
    server.kill('SIGTERM')
    assert.equal((await server.ended).code, 0)
    return {
      ...figures,
      readers: ledger.readers.length,
      pages: ledger.pages.length,
      opens: ledger.opens.length,
      ids: ids.size,
      counts: drift.counts,
    }
  } finally {
    await killAll(server)
  }
}

/** Channels and articles, as an import would put them there. */
async function fill(dataDir: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgresUrl(dataDir) })
  await client.connect()
  try {
    await client.query(`insert into channel (name) select '频道' || i from generate_series(1, ${CHANNELS}) i`)
    await client.query(`insert into reader (id, name) select i, 'author ' || i from generate_series(1, 20) i`)
    await client.query(`insert into article (id, author_id, channel_id, title, status, published_at)
      select 1000 + i, 1 + i % 20, 1 + i % ${CHANNELS}, '标题 ' || i, 2, now() - make_interval(mins => i) from generate_series(1, ${ARTICLES}) i`)
    await client.query(`insert into article_content (article_id, html) select id, '<p>text</p>' from article`)
  } finally {
    await client.end()
  }
}

async function knows(url: string): Promise<void> {
  await eventually(
    async () => /^catalogue_articles .*$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[0],
    line => line === `catalogue_articles ${ARTICLES}`,
  )
}

async function countDrift(dataDir: string) {
  const client = new pg.Client({ connectionString: postgresUrl(dataDir) })
  await client.connect()
  try {
    const { rows } = await client.query<{ kind: string; key: bigint; truth: string; stored: string }>(`
      select kind, key, coalesce(t.value, 0)::text as truth, coalesce(s.value, 0)::text as stored
        from counter_truth() t full join (
          select kind, key, sum(value) as value from (
            select kind, key, value from counter union all select kind, key, d from counter_delta
          ) part group by kind, key
        ) s using (kind, key)`)
    return { counts: rows.length, wrong: rows.filter(row => row.truth !== row.stored) }
  } finally {
    await client.end()
  }
}

/** The one line that says what was done. */
export function summary(rounds: number, result: Awaited<ReturnType<typeof runKills>>): string {
  const starts = result.starts.toSorted((a, b) => a - b)
  return [
    `${rounds} kills and ${result.killedStarts} of starts: nothing acknowledged lost`,
    `${result.readers} readers and sessions, ${result.patches} writes of channels, ${result.pages} pages (${result.rechecked} asked for again)`,
    `${result.opens} opens (${result.openedLate} lost, the oldest ${result.oldestLost} ms before a kill), ${result.refused} requests refused`,
    `${result.ids} ids, none twice; ${result.counts} counts exact`,
    `start after a kill ${starts[Math.floor(starts.length / 2)]} ms, at most ${starts.at(-1)}`,
  ].join(' · ')
}
