// Several servers on one PostgreSQL and one Redis, readers who like, follow and look, and whatever can go wrong beneath
// them. A ledger of what readers were told was done is the oracle: rows, counts and what readers see have to agree with it.

import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silentLog } from '../../../src/base/log.ts'
import { COUNTER_KINDS } from '../../../src/engines/counters/counters.ts'
import { createReconciler, type ReconcileReport } from '../../../src/engines/counters/reconcile.ts'
import { parseBody } from '../../../src/http/json.ts'
import { cleanup } from '../../support/cleanup.ts'
import { findWrongCounterFields } from '../../support/counter-fields.ts'
import { testDatabase } from '../../support/database.ts'
import { connectRedis, startRedis } from '../../support/redis.ts'
import { type ServerProcess, startServer } from '../../support/server-process.ts'
import { pause } from '../../support/waiting.ts'

export interface Rounds {
  servers: number
  readers: number
  /** Each kind of trouble, so often. */
  kills: number
  rollbacks: number
  flushes: number
  restMs: number
  /** How long readers rest between two things they do, at most. */
  paceMs: number
  /** How far counts may be behind, and until when they have to agree after a kill, a rollback, a flush. */
  behindMs: number
  settleMs: { kill: number; rollback: number; flush: number }
}

interface Reader {
  id: bigint
  token: string
  /** An article only this reader likes: what they see of it is known at every moment. */
  own: bigint
  likes: Mark
  follows: Mark
}

/** What the row must be: told, or in doubt when no answer came. */
type Mark = 'there' | 'gone' | 'in doubt'

const SHARED = 20

export async function counterRounds({
  servers: count,
  readers: readerCount,
  kills,
  rollbacks,
  flushes,
  restMs,
  paceMs,
  behindMs,
  settleMs,
}: Rounds) {
  const { db, pool, url } = await testDatabase()
  const redis = await startRedis()
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-counters-'))
  const servers: (ServerProcess | undefined)[] = []
  const spawned = new Set<ServerProcess>()
  cleanup(async () => {
    for (const server of spawned) server.kill('SIGKILL')
    await Promise.all([...spawned].map(server => server.ended))
    await rm(folder, { recursive: true, force: true })
  })
  const figures = { requests: 0, unanswered: 0, looks: 0, kills: 0, rollbacks: 0, flushes: 0, longestSettleMs: 0 }
  const wrong: string[] = []
  const env = {
    DATABASE_URL: url,
    REDIS_URL: redis.url,
    LOG_LEVEL: 'silent',
    TOKEN_KEY: 'k'.repeat(32),
    TRACE_KEY: 't'.repeat(32),
    ADMIN_PASSWORD: 'first1password',
  }

  const start = async (n: number) => {
    const server = await startServer(undefined, join(folder, String(n)), env, true)
    servers[n] = server
    spawned.add(server)
  }

  async function ask(reader: Reader | undefined, method: string, path: string, json?: unknown) {
    const alive = servers.filter(one => one !== undefined)
    const server = alive[Math.floor(Math.random() * alive.length)] as ServerProcess
    figures.requests++
    try {
      const answer = await fetch(server.url + path, {
        method,
        headers: { ...(reader && { authorization: `Bearer ${reader.token}` }), ...(json ? { 'content-type': 'application/json' } : {}) },
        body: json ? JSON.stringify(json, (_key, value) => (typeof value === 'bigint' ? value.toString() : value)) : undefined,
        signal: AbortSignal.timeout(60_000),
      })
      const text = await answer.text()
      if (answer.status >= 500) wrong.push(`${method} ${path}: ${answer.status} ${text}`)
      return { status: answer.status, data: text ? ((parseBody(text) as { data: Record<string, unknown> }).data ?? {}) : {} }
    } catch {
      figures.unanswered++ // killed under it
      return undefined
    }
  }

  async function see(reader: Reader | undefined, id: bigint): Promise<number | undefined> {
    const answer = await ask(reader, 'GET', `/app/v1_0/articles/${id}`)
    return answer?.status === 200 ? Number(answer.data.like_count) : undefined
  }

  await Promise.all(Array.from({ length: count }, (_, n) => start(n)))
  await pool.query(
    `insert into channel (id, name) values (1, '频道'); insert into reader (id, name) select i, 'author ' || i from generate_series(1, 5) i`,
  )
  const articles = Array.from({ length: SHARED + readerCount + 1 }, (_, i) => 2n ** 60n + BigInt(i))
  await pool.query(
    `insert into article (id, author_id, channel_id, title, status, published_at)
     select id, 1 + id % 5, 1, '标题', 2, now() from unnest($1::bigint[]) id`,
    [articles.map(String)],
  )
  await pool.query(`insert into article_content (article_id, html) select id, '<p>text</p>' from article`)
  const grower = articles[0] as bigint
  const readers: Reader[] = []
  for (let i = 0; i < readerCount; i++) {
    const answer = await ask(undefined, 'POST', '/app/v1_0/authorizations', { mobile: String(13_700_000_000 + i), code: '246810' })
    const token = answer?.data.token as string
    const { user_id } = JSON.parse(Buffer.from(token.split('.')[1] as string, 'base64url').toString())
    readers.push({ id: BigInt(user_id), token, own: articles[1 + SHARED + i] as bigint, likes: 'gone', follows: 'gone' })
  }

  // Everybody likes the one that grows once, at their own time; told how many by then, nobody may be shown fewer later.
  let asked = 0
  const told: number[] = []
  let over = false

  async function act(reader: Reader): Promise<void> {
    const put = await ask(reader, 'POST', '/app/v1_0/article/likings', { target: reader.own })
    reader.likes = put?.status === 201 ? 'there' : 'in doubt'
    if (reader.likes === 'there') await expect(reader, 1)
    await pause(paceMs * Math.random())
    const drop = await ask(reader, 'DELETE', `/app/v1_0/article/likings/${reader.own}`)
    reader.likes = drop?.status === 204 ? 'gone' : 'in doubt'
    if (reader.likes === 'gone') await expect(reader, 0)
    const follow = reader.follows !== 'there'
    const done = follow
      ? await ask(reader, 'POST', '/app/v1_0/user/followings', { target: 1n })
      : await ask(reader, 'DELETE', '/app/v1_0/user/followings/1')
    reader.follows = done?.status === 201 ? 'there' : done?.status === 204 ? 'gone' : 'in doubt'
    await ask(reader, 'POST', '/app/v1_0/article/collections', { target: articles[1 + Math.floor(Math.random() * SHARED)] })
  }

  /** What a reader has just done shows in whatever process they ask. */
  async function expect(reader: Reader, likes: number): Promise<void> {
    const seen = await see(reader, reader.own)
    if (seen === undefined) return
    figures.looks++
    if (seen !== likes) wrong.push(`a reader sees ${seen} instead of ${likes} after their own action`)
  }

  async function grow(): Promise<void> {
    for (const reader of readers) {
      if (over) return
      asked++
      const put = await ask(reader, 'POST', '/app/v1_0/article/likings', { target: grower })
      if (put?.status === 201) told.push(performance.now())
      await pause(restMs / 4)
    }
  }

  async function look(): Promise<void> {
    while (!over) {
      const before = performance.now() - behindMs
      const least = told.filter(at => at < before).length
      const seen = await see(undefined, grower)
      if (seen !== undefined) {
        figures.looks++
        if (seen < least || seen > asked) wrong.push(`${seen} likes are shown, ${least} were acknowledged and ${asked} sent`)
      }
      await pause(paceMs / 2)
    }
  }

  const reader = await connectRedis(redis.url)
  const fix = createReconciler({ pool, redis: reader, log: silentLog })

  /** Waits until rows, counts and the store agree, and says how long it took; the store has to be whole, not only right. */
  async function agree(forMs: number): Promise<void> {
    const began = performance.now()
    for (let last: unknown; ; ) {
      await reader.connected(1_000)
      const reports = (await fix.reconcile(COUNTER_KINDS, { repair: false })) as ReconcileReport[]
      const off = reports.filter(report => 'error' in report || report.drift !== 0 || report.unusable !== 0)
      if (off.length === 0) break
      last = off[0]
      assert.ok(performance.now() - began < forMs, `after ${forMs} ms: ${JSON.stringify(last)}`)
      await pause(300) // a look at everything costs as much
    }
    figures.longestSettleMs = Math.max(figures.longestSettleMs, Math.round(performance.now() - began))
  }

  await agree(settleMs.kill)
  const load = [
    ...readers.map(async one => {
      while (!over) await act(one)
    }),
    grow(),
    look(),
    look(),
  ]
  const troubles = [...Array(kills).fill('kill'), ...Array(rollbacks).fill('rollback'), ...Array(flushes).fill('flush')]
  for (const [i, trouble] of troubles
    .map((one, n) => ({ one, place: (n * 7) % troubles.length }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ one }) => one)
    .entries()) {
    await pause(restMs * (0.5 + Math.random()))
    if (trouble === 'kill') {
      const n = i % count
      const victim = servers[n] as ServerProcess
      servers[n] = undefined
      process.kill(-victim.pid, 'SIGKILL')
      await victim.ended
      await start(n)
      figures.kills++
    } else if (trouble === 'rollback') {
      await redis.send('SAVE')
      await pause(restMs)
      await redis.kill()
      await redis.start()
      figures.rollbacks++
      await agree(settleMs.rollback)
    } else {
      await redis.send('FLUSHALL')
      figures.flushes++
      await agree(settleMs.flush)
    }
  }
  await agree(settleMs.kill) // while it all goes on
  over = true
  await Promise.all(load)
  await agree(settleMs.kill)
  // Field by field as well: what compares them every night could be wrong in the same way.
  for (const began = performance.now(); ; await pause(100)) {
    const off = await findWrongCounterFields(db, reader)
    if (off.length === 0) break
    assert.ok(performance.now() - began < settleMs.kill, off.slice(0, 10).join('\n'))
  }

  // Told is done: each row is there or gone as its reader was told.
  const likes = new Set(
    (await db.selectFrom('attitude').select(['reader_id', 'article_id']).execute()).map(row => `${row.reader_id} ${row.article_id}`),
  )
  const follows = new Set<bigint>((await db.selectFrom('following').select('reader_id').execute()).map(row => row.reader_id))
  for (const one of readers) {
    if (one.likes !== 'in doubt' && likes.has(`${one.id} ${one.own}`) !== (one.likes === 'there')) wrong.push(`a like of ${one.id} is lost`)
    if (one.follows !== 'in doubt' && follows.has(one.id) !== (one.follows === 'there')) wrong.push(`a following of ${one.id} is lost`)
  }
  const grown = [...likes].filter(key => key.endsWith(` ${grower}`)).length
  if (grown < told.length || grown > asked) wrong.push(`${grown} likes in rows, ${told.length} acknowledged of ${asked}`)
  for (const one of readers) {
    const seen = await see(one, one.own)
    if (seen !== (likes.has(`${one.id} ${one.own}`) ? 1 : 0)) wrong.push(`in the end ${seen} likes of ${one.own}`)
  }
  assert.deepEqual([...new Set(wrong)].slice(0, 10), [])
  for (const server of servers) server?.kill('SIGTERM')
  for (const server of servers) assert.equal((await server?.ended)?.code, 0)
  return figures
}
