// The store in Redis under everything that can happen to it. Each test ends with the counts exact and read from the store. Run twice: reading
// the log in pieces as large as they are, and in pieces so small that shards are ever at different places of it.

import assert from 'node:assert/strict'
import { beforeEach, test as tests } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import pg from 'pg'
import { cleanup } from '../../../../test/support/cleanup.ts'
import { findWrongCounterFields } from '../../../../test/support/counter-fields.ts'
import { testDatabase } from '../../../../test/support/database.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../../test/support/redis.ts'
import { eventually, PATIENCE_MS } from '../../../../test/support/waiting.ts'
import type { ReaderId } from '../../../base/id.ts'
import { silentLog } from '../../../base/log.ts'
import { createMetrics } from '../../../base/metrics.ts'
import type { Viewer } from '../../../base/viewer.ts'
import type { Redis } from '../../redis/redis.ts'
import { foldCounters } from '../fold.ts'
import { createReconciler, type ReconcileReport } from '../reconcile.ts'
import { createApplier } from './applier.ts'
import { removeConsumer } from './consumer.sql.ts'
import { CHECKPOINT_KEY, CORRUPT_KEY, FRESH_KEY, LEASE_KEY, ownWritesKey, shardKey, shardOf } from './keys.ts'
import { redisCounters } from './read.ts'
import { rebuildShards } from './rebuild.ts'
import { APPLY, DISCARD, SWAP } from './scripts.ts'
import { parseHash } from './values.ts'

/** `most` deltas are read at once; of the tests only those whose names match `only`. */
export async function storeSuite(most?: number, only = /^/): Promise<void> {
  const test = (name: string, options: { skip: string | false }, run: () => Promise<void>) => only.test(name) && tests(name, options, run)
  const skip = NO_REDIS
  const { db, pool, url } = await testDatabase()
  const server = skip ? undefined : await startRedis()
  const ask = (...command: string[]) => server?.send<string>(...command) as Promise<string>
  const redis = server ? await connectRedis(server.url) : (undefined as never as Redis)

  const IDS = Array.from({ length: 40 }, (_, i) => 2n ** 60n + BigInt(i) * 2n ** 22n)
  const [one, two] = IDS as [bigint, bigint]
  const me: Viewer = { kind: 'reader', id: 5n as ReaderId }
  const ONE = shardKey('article.likes', shardOf(one))

  let now = Date.now()
  let reasons: Record<string, number> = {}
  const newApplier = (over: Redis = redis, making = pool) =>
    createApplier({
      db,
      pool: making,
      redis: over,
      log: silentLog,
      settleMs: 0,
      deltasMax: most,
      clock: () => now,
      onRebuild: (reason, shards) => {
        reasons[reason] = (reasons[reason] ?? 0) + shards
      },
    })
  const applier = newApplier()
  cleanup(() => applier.close())
  const metrics = createMetrics()
  const counters = redisCounters({ db, redis, log: silentLog, metrics })
  const readsFrom = (from: string) => Number(new RegExp(`counter_reads_total{from="${from}"} (\\d+)`).exec(metrics.text())?.[1] ?? 0)

  // Rows that count as much as they say, so that much can be counted quickly.
  await pool.query(`create table tally (kind text, key bigint, n int); select declare_counts('tally', 'select kind, key, n d from rows')`)
  const add = (d: number, ids: readonly bigint[] = [one], kind = 'article.likes') =>
    pool.query(`insert into tally (kind, key, n) select $1, key, $2 from unnest($3::bigint[]) key`, [kind, d, ids.map(String)])
  const likes = async (id = one, viewer?: Viewer) => (await counters.read(['article.likes'], [id], viewer))(id, 'article.likes')

  /** What the rows say, and the store field by field at the end of the log. */
  async function exact(): Promise<void> {
    assert.deepEqual(await findWrongCounterFields(db, redis), [])
  }

  /** Lets the store come to the end of the log, whole, and read from. */
  async function settled(by = applier): Promise<void> {
    const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
    for (const giveUp = performance.now() + 9 * PATIENCE_MS; performance.now() < giveUp; ) {
      now = Date.now()
      await by.tick().catch(() => {})
      const [, at] = String(await ask('GET', FRESH_KEY)).split(' ')
      if (by.missingShards() === 0 && BigInt(at ?? 0) > BigInt(rows[0]?.xid ?? 0)) {
        const before = readsFrom('store')
        const rowsBefore = readsFrom('rows')
        await counters.read(['article.likes'], IDS)
        if (readsFrom('store') > before && readsFrom('rows') === rowsBefore) return
      }
      await sleep(10)
    }
    throw new Error('the store does not settle')
  }

  /** Shards were made anew for this reason alone, each at least once: what is made too slowly is made again. */
  function remade(reason: string, shards: number): void {
    assert.deepEqual(Object.keys(reasons), [reason])
    assert.ok((reasons[reason] ?? 0) >= shards, JSON.stringify(reasons))
  }

  async function begin(): Promise<void> {
    await add(3, IDS)
    await add(1, IDS.slice(0, 7), 'article.collections')
    await settled()
    reasons = {}
  }

  beforeEach(async () => {
    if (skip) return
    await pool.query('delete from tally') // and the store follows, as it does in a life: to make it anew takes a second
    await begin()
  })

  /** Redis is back with what it had some minutes ago, and what happened since is in the log no more. */
  async function backWithLessThanTheLog(): Promise<void> {
    await ask('SAVE')
    await add(5, IDS)
    await settled()
    await removeConsumer(db) // as some minutes' absence does
    while ((await foldCounters(db)) > 0);
    await server?.kill()
    await server?.start()
    await redis.connected(PATIENCE_MS)
  }

  /** For those to whom it matters that nothing has happened before. */
  async function emptied(): Promise<void> {
    await pool.query('delete from tally; delete from counter; delete from counter_delta')
    await ask('FLUSHALL')
    await begin()
  }

  test('after FLUSHALL every read is right, and the store is made anew by itself', { skip }, async () => {
    await ask('FLUSHALL')
    await add(1)
    assert.equal(await likes(), 4, 'from the rows')
    await settled()
    remade('missing', 13 * 256)
    assert.equal(await likes(), 4)
    await exact()
  })

  test('one shard that is gone is found by whoever reads it, and made anew alone', { skip }, async () => {
    await ask('DEL', ONE)
    assert.equal(await likes(), 3)
    await settled()
    remade('missing', 1)
    assert.ok((reasons.missing ?? 0) < 100, 'and no other')
    await exact()
  })

  test('a Redis that lost its last seconds catches up from the log, without being made anew', { skip }, async () => {
    await ask('SAVE')
    await add(5, IDS)
    await settled()
    assert.equal(await likes(), 8)
    await server?.kill()
    assert.equal(await likes(), 8, 'from the rows while Redis is down')
    await server?.start()
    await redis.connected(PATIENCE_MS)
    for (let tries = 0; tries < 20; tries++) assert.equal(await likes(), 8, 'nobody sees it go back')
    await settled()
    assert.deepEqual(reasons, {})
    await exact()
  })

  test('a Redis that lost more than the log still has is made anew', { skip }, async () => {
    await backWithLessThanTheLog()
    await settled()
    assert.ok((reasons['older than the log'] ?? 0) > 0, JSON.stringify(reasons))
    assert.equal(await likes(), 8)
    await exact()
  })

  test('what a Redis that lost more than the log still has holds is not read while it is made anew', { skip }, async () => {
    await backWithLessThanTheLog()
    const making = new pg.Pool({ connectionString: url, max: 1 })
    const holder = await making.connect() // nothing can be made as long as this is held
    const late = newApplier(redis, making)
    try {
      await ask('DEL', LEASE_KEY)
      await eventually(
        async () => {
          now = Date.now()
          await late.tick()
          return ask('GET', FRESH_KEY)
        },
        fresh => fresh !== null,
      )
      // As a process that has just been started sees it: it has not seen anything newer.
      const counters = redisCounters({ db, redis, log: silentLog })
      assert.equal((await counters.read(['article.likes'], [one]))(one, 'article.likes'), 8)
    } finally {
      holder.release()
      await late.close()
      await making.end()
    }
    await ask('DEL', LEASE_KEY)
    await settled()
    await exact()
  })

  const GARBAGE: Record<string, () => Promise<unknown>> = {
    'text in a field': () => ask('HSET', ONE, String(one), 'many'),
    'a number too large': () => ask('HSET', ONE, String(one), '9223372036854775807'),
    'zeros before a number': () => ask('HSET', ONE, String(one), '007'),
    'minus nothing': () => ask('HSET', ONE, String(one), '-0'),
    'a fraction': () => ask('HSET', ONE, String(one), '1.5'),
    'text in another field': () => ask('HSET', ONE, 'whose', 'this'),
    'a watermark that is none': () => ask('HSET', ONE, '_w', 'now'),
    'a watermark from the future': () => ask('HSET', ONE, '_w', '999999999999'),
    'a watermark of thirty digits': () => ask('HSET', ONE, '_w', '9'.repeat(30)),
    'no watermark': () => ask('HDEL', ONE, '_w'),
    'another epoch': () => ask('HSET', ONE, '_e', 'elsewhere'),
    'another type': async () => {
      await ask('DEL', ONE)
      await ask('LPUSH', ONE, 'x')
    },
  }
  test('whatever stands in the place of counts is repaired, reported, and never read', { skip }, async () => {
    let right = 3
    for (const [what, plant] of Object.entries(GARBAGE)) {
      await plant()
      await add(1)
      assert.ok([right, right + 1].includes(await likes()), `${what}: the rows are asked, or it was before the change`)
      right++
      // Either somebody reads it, or something happens to it, or the nightly comparison finds it.
      await applier.tick()
      await createReconciler({ pool, redis, log: silentLog }).reconcile(['article.likes'])
      await ask('DEL', LEASE_KEY)
      await settled()
      assert.equal(await likes(), right, what)
      await exact()
    }
  })

  test('garbage under the other keys does no harm', { skip }, async () => {
    for (const key of [LEASE_KEY, FRESH_KEY, CORRUPT_KEY, ownWritesKey(5n)]) {
      await ask('DEL', key)
      await ask('RPUSH', key, 'x')
      await add(1)
      assert.equal(typeof (await likes(one, me)), 'number')
      await counters.noteOwnWrite(me, ['article.likes'], [one])
      await settled()
    }
    for (const life of [[], ['EX', '1000']]) {
      await ask('SET', LEASE_KEY, 'x', ...life) // a turn that would never end, if it were one
      await settled()
    }
    await ask('SADD', CORRUPT_KEY, 'x', 'article.likes:9999', '')
    await ask('HSET', ownWritesKey(5n), `article.likes:${one}:1`, 'x', 'y', 'z')
    assert.equal(await likes(one, me), 7)
    await settled()
    await exact()
  })

  test('in another history of the database, as after a restore, everything is made anew', { skip }, async () => {
    await pool.query('update counter_epoch set id = gen_random_uuid()')
    await add(1)
    await settled()
    remade('another epoch', 13 * 256)
    assert.ok([3, 4].includes(await likes()))
    await exact()
  })

  test('a store that has been further than the log goes knows that the database was put back, and begins another history', {
    skip,
  }, async () => {
    const [of, watermark] = String(await ask('GET', CHECKPOINT_KEY)).split(' ')
    await ask('SET', CHECKPOINT_KEY, `${of} ${BigInt(watermark ?? 0) + 1_000_000n}`)
    await ask('DEL', LEASE_KEY) // so that it looks
    await add(1)
    await settled()
    remade('another epoch', 13 * 256)
    assert.notEqual(String(await ask('GET', CHECKPOINT_KEY)).split(' ')[0], of)
    assert.equal(await likes(), 4)
    await exact()
  })

  test('several that apply at once, and are cut off anywhere, apply nothing twice and leave nothing out', { skip }, async () => {
    let cut = 0
    // What is sent may or may not have been done, for all one knows whose connection breaks.
    const unsure = (over: Redis): Redis => ({
      ...over,
      async runAll(script, calls, ms) {
        const before = Math.random()
        if (before < 0.1 && ++cut) throw new Error('cut before')
        const outcomes = await over.runAll(script, calls, ms)
        if (before > 0.9 && ++cut) throw new Error('cut after')
        return outcomes as never
      },
    })
    const appliers = [1, 2, 3].map(() => newApplier(unsure(redis)))
    let over = false
    const work = appliers.map(async each => {
      while (!over) {
        await each.tick().catch(() => {})
        if (Math.random() < 0.3) await redis.send(['DEL', LEASE_KEY]) // nobody's turn is respected
      }
    })
    const comparing = (async () => {
      const found: number[] = []
      while (!over)
        for (const report of await createReconciler({ pool, redis, log: silentLog }).reconcile(['article.likes']))
          found.push((report as ReconcileReport).store_drift)
      return found
    })()
    // As long as it takes: a busy machine gets round less often. In small pieces each is as much work as ten.
    for (let i = 0; i < (most ? 50 : 150) || (cut <= 5 && i < 3_000); i++) await add(1 + (i % 3), IDS.slice(i % 20, 20 + (i % 20)))
    over = true
    await Promise.all(work)
    await Promise.all(appliers.map(each => each.close()))
    assert.deepEqual([...new Set(await comparing)], [0])
    assert.ok(cut > 5, `${cut} cut off`)
    await settled()
    await exact()
  })

  test('a Redis that hangs costs one bounded wait, then none, and no reader a wrong count', { skip }, async () => {
    await add(1)
    let asked = 0
    const counting: Redis = { ...redis, pipeline: (commands, ms) => ((asked += Number(redis.ready())), redis.pipeline(commands, ms)) }
    const here = redisCounters({ db, redis: counting, log: silentLog })
    server?.signal('SIGSTOP') // as long as it hangs, whatever is answered was not waited for
    try {
      const began = performance.now()
      for (let i = 0; i < 20; i++) assert.equal((await here.read(['article.likes'], [one]))(one, 'article.likes'), 4)
      assert.ok(asked > 0 && asked <= 1 + (performance.now() - began) / 1_000, `${asked} times asked: it is given a rest of a second`)
      await here.noteOwnWrite(me, ['article.likes'], [one])
    } finally {
      server?.signal('SIGCONT')
    }
    await redis.connected(PATIENCE_MS)
    await sleep(1_000)
    await settled()
    await exact()
  })

  test('a Redis that hung while it was told that all is fresh does not believe it afterwards', { skip }, async () => {
    const late: Redis = {
      ...redis,
      async pipeline(commands, ms) {
        if (commands.some(command => command.includes(FRESH_KEY))) server?.signal('SIGSTOP') // it hears of it when it goes on
        return redis.pipeline(commands, ms) as never
      },
    }
    const hung = newApplier(late)
    try {
      await ask('DEL', LEASE_KEY)
      // As long as anybody writes in any database of this server, it is not fresh.
      await eventually(
        () => hung.tick().catch((err: Error) => err.name),
        how => how === 'RedisAway',
      )
      await add(1)
    } finally {
      server?.signal('SIGCONT')
      await hung.close()
    }
    await redis.connected(PATIENCE_MS)
    const counters = redisCounters({ db, redis, log: silentLog }) // of a process that has just been started
    for (let i = 0; i < 50; i++, await sleep(10)) assert.equal((await counters.read(['article.likes'], [one]))(one, 'article.likes'), 4)
    await ask('DEL', LEASE_KEY)
    await settled()
    await exact()
  })

  test('whoever did something is answered in a moment, though nothing can be noted of it, and sees it', { skip }, async () => {
    await add(1)
    const holder = await pool.connect()
    await holder.query('begin; lock table counter_delta in access exclusive mode')
    const touched = counters.noteOwnWrite(me, ['article.likes'], [one]).then(() => 'answered')
    const outcome = await Promise.race([touched, sleep(PATIENCE_MS, 'it waits', { ref: false })])
    await holder.query('rollback')
    holder.release()
    assert.equal(outcome, 'answered')
    assert.equal(await likes(one, me), 4)
  })

  test('however many actions cannot be noted, the latest of those who did them see their own', { skip }, async () => {
    const deaf: Redis = { ...redis, send: () => Promise.reject(new Error('away')) }
    const here = redisCounters({ db, redis: deaf, log: silentLog })
    const touch = (id: number) => here.noteOwnWrite({ kind: 'reader', id: BigInt(id) as ReaderId }, ['article.likes'], [one])
    for (let id = 100; id < 5_100; id++) await touch(id)
    await add(1)
    await here.noteOwnWrite(me, ['article.likes'], [one])
    for (let id = 5_100; id < 10_200; id++) await touch(id)
    assert.equal((await here.read(['article.likes'], [one], me))(one, 'article.likes'), 4)
  })

  test('drift in the store is measured and taken away, once, however many look at once', { skip }, async () => {
    await ask('HINCRBY', ONE, String(one), '9')
    await ask('HINCRBY', ONE, '123', '-4')
    const fix = createReconciler({ pool, redis, log: silentLog })
    const reports = (await Promise.all([1, 2, 3].map(() => fix.reconcile(['article.likes'])))).flat() as ReconcileReport[]
    assert.deepEqual(
      reports.map(report => report.store_drift).toSorted((a, b) => a - b),
      [0, 0, 13],
    )
    assert.equal(reports.find(report => report.store_drift > 0)?.repaired, 1)
  })

  const MEANWHILE: Record<string, () => Promise<unknown>> = {
    'made anew': () => ask('DEL', ONE),
    'as it was before it was wrong': async () => {
      await server?.kill()
      await server?.start()
      return redis.connected(PATIENCE_MS)
    },
  }
  for (const [what, happens] of Object.entries(MEANWHILE))
    test(`what was wrong in a shard is not put right in one that is ${what} meanwhile`, { skip }, async () => {
      await ask('SAVE')
      await ask('HINCRBY', ONE, String(one), '9')
      let read = false
      const late: Redis = {
        ...redis,
        async pipeline(commands, ms) {
          const answers = await redis.pipeline(commands, ms)
          if (!read && commands.some(([name, key]) => name === 'HGETALL' && key === ONE)) {
            read = true
            await happens()
            await add(1)
            await settled()
          }
          return answers as never
        },
      }
      await createReconciler({ pool, redis: late, log: silentLog }).reconcile(['article.likes'])
      assert.ok(read)
      assert.equal(await likes(), 4)
      await exact()
    })

  test('what is found by one who was thought dead is put right only once', { skip }, async () => {
    await emptied()
    await pool.query(`insert into counter_delta (kind, key, d) values ('article.likes', $1, 5)`, [one])
    let left = false
    const late: Redis = {
      ...redis,
      async pipeline(commands, ms) {
        if (!left && commands.some(([name]) => name === 'HGETALL')) {
          left = true
          // As after a minute in which its process stood still: the database has given up its session, and the next one's turn has come.
          await pool.query(`select pg_terminate_backend(pid) from pg_locks where locktype = 'advisory' and granted
            and database = (select oid from pg_database where datname = current_database())`)
          await createReconciler({ pool, redis, log: silentLog }).reconcile(['article.likes'])
        }
        return redis.pipeline(commands, ms) as never
      },
    }
    await createReconciler({ pool, redis: late, log: silentLog }).reconcile(['article.likes'])
    assert.ok(left)
    const { rows } = await sql<{
      likes: number
    }>`select sum(d)::int as likes from counter_delta where kind = 'article.likes' and key = ${one}`.execute(db)
    assert.equal(rows[0]?.likes, 3)
    await settled()
    await exact()
  })

  test('what a reader did in another history of the database counts for nothing in this one', { skip }, async () => {
    await emptied()
    await ask('HSET', ownWritesKey(5n), '_e', 'elsewhere', `article.likes:${one}:99999999999`, '1')
    assert.equal(await likes(one, me), 3)
    await ask('SET', FRESH_KEY, 'elsewhere 99999999999 another')
    const { rows } = await sql<{
      xid: string
    }>`insert into tally values ('article.likes', ${one}, 1) returning pg_current_xact_id() as xid`.execute(db)
    await redisCounters({ db, redis, log: silentLog }).noteOwnWrite(me, ['article.likes'], [one])
    const noted = parseHash(await ask('HGETALL', ownWritesKey(5n)))
    assert.equal(noted.get(`article.likes:${one}:${rows[0]?.xid}`), '1', 'where the store was then says nothing of what it holds now')
    assert.equal(noted.has(`article.likes:${one}:99999999999`), false)
    await ask('DEL', FRESH_KEY)
    await settled()
  })

  /** Applies with what breaks in until the store is said to be fresh, while nothing can be made anew; then reads as a process that has just been started. */
  async function readBesideOneWhoCannotMake(over: Redis): Promise<number> {
    const making = new pg.Pool({ connectionString: url, max: 1 })
    const holder = await making.connect()
    const late = newApplier(over, making)
    try {
      await ask('DEL', LEASE_KEY, FRESH_KEY)
      for (let strokes = 0; strokes < 3; strokes++) {
        await ask('DEL', FRESH_KEY)
        await eventually(
          async () => {
            now = Date.now()
            await late.tick()
            return ask('GET', FRESH_KEY)
          },
          fresh => fresh !== null,
        )
        if (strokes === 1) await add(1)
      }
      return (await redisCounters({ db, redis, log: silentLog }).read(['article.likes'], [one]))(one, 'article.likes')
    } finally {
      holder.release()
      await late.close()
      await making.end()
      await ask('DEL', LEASE_KEY)
    }
  }

  test('a shard that somebody has replaced while it was looked at is moved on with the others', { skip }, async () => {
    await backWithLessThanTheLog()
    let replaced = false
    const late: Redis = {
      ...redis,
      async runAll(script, calls, ms) {
        if (script === DISCARD && !replaced && calls.some(({ keys }) => keys[0] === ONE)) {
          replaced = true // another who applies was quicker
          await ask('DEL', ONE)
          await rebuildShards(pool, redis, { kind: 'article.likes', shards: [shardOf(one)] })
          await ask('HDEL', ONE, '_n')
        }
        return redis.runAll(script, calls, ms) as never
      },
    }
    assert.equal(await readBesideOneWhoCannotMake(late), 9)
    assert.ok(replaced)
    await settled()
    await exact()
  })

  test('a shard that is all right again when it is inspected is moved on with the others', { skip }, async () => {
    let mended = false
    const late: Redis = {
      ...redis,
      async runAll(script, calls, ms) {
        const outcomes = await redis.runAll(script, calls, ms)
        if (script === APPLY && outcomes.includes('garbage')) {
          mended = true // by whoever had put it there
          await ask('HSET', ONE, String(one), '3')
        }
        return outcomes as never
      },
    }
    await ask('HSET', ONE, String(one), 'many')
    await add(1)
    assert.equal(await readBesideOneWhoCannotMake(late), 5)
    assert.ok(mended)
    await settled()
    await exact()
  })

  test('shards being made anew leave nothing behind, whoever is killed while making them', { skip }, async () => {
    await ask('FLUSHALL')
    const dying = newApplier()
    await dying.tick()
    await dying.close() // in the middle of making
    const left = (await redis.send(['KEYS', '*:new:*'])) as string[]
    for (const key of left) assert.ok(Number(await ask('PTTL', key)) > 0, `${key} goes by itself`)
    await ask('DEL', LEASE_KEY)
    await settled()
    await exact()
  })

  test('deltas are kept as long as a Redis that lost its last minute could need them, and no longer', { skip }, async () => {
    const left = async () => (await sql<{ n: number }>`select count(*)::int as n from counter_delta`.execute(db)).rows[0]?.n
    const foldAll = async () => {
      while ((await foldCounters(db)) > 0);
    }
    const stroke = async (seconds: number) => {
      now += seconds * 1_000
      await applier.tick()
    }
    await stroke(61)
    await add(1)
    await stroke(6)
    await foldAll()
    assert.ok(((await left()) as number) > 0, 'folding waits')
    // All shards are moved on within a minute and a few strokes; a minute later the log may go.
    await stroke(52)
    for (let i = 0; i < 60; i++) await stroke(0.1)
    await foldAll()
    assert.ok(((await left()) as number) > 0, 'a minute later it still waits')
    for (let i = 0; i < 60; i++) await stroke(0.1)
    for (let i = 0; i < 12; i++) await stroke(6)
    await foldAll()
    assert.equal(await left(), 0)
    assert.equal(await likes(), 4)
    await exact()

    await add(1)
    await foldAll()
    assert.equal(await left(), 1)
    await removeConsumer(db)
    await foldAll()
    assert.equal(await left(), 0, 'without a store nothing waits')
  })

  test('a shard far behind is caught up piece by piece, and the others are given nothing they contain', { skip }, async () => {
    const before = await ask('HGETALL', ONE).then(parseHash)
    await add(1)
    await sleep(5)
    for (let i = 0; i < 30; i++) await add(1, IDS)
    await settled()
    // As if only this one had come back with what it had some seconds ago.
    await ask('DEL', ONE)
    await ask('HSET', ONE, ...[...before].flat())
    for (let i = 0; i < 30; i++) await add(1, IDS)
    for (let i = 0; i < 5; i++) await applier.tick()
    await settled()
    assert.equal(await likes(), 64)
    assert.equal(await likes(two), 63)
    await exact()
  })

  test('a shard made anew is read only when it has come to where the others are', { skip }, async () => {
    const holder = await pool.connect()
    await holder.query(`begin; insert into channel (id, name) values (1, 'held')`)
    try {
      await add(1)
      await ask('PERSIST', FRESH_KEY)
      await ask('DEL', ONE)
      await rebuildShards(pool, redis, { kind: 'article.likes', shards: [shardOf(one)] })
      assert.equal(await ask('HGET', ONE, String(one)), '3')
      assert.equal(await likes(), 4)
      assert.equal((await counters.explain('article.likes', one)).engine, 'table')
    } finally {
      await holder.query('rollback')
      holder.release()
    }
    await ask('DEL', FRESH_KEY)
    await settled()
    assert.deepEqual(await ask('HGET', ONE, '_n'), null)
    await exact()
  })

  test('shards that are flushed while they are made leave nothing behind', { skip }, async () => {
    let flushed = false
    const late: Redis = {
      ...redis,
      async pipeline(commands, ms) {
        // In the middle of a shard: it has begun, and goes on.
        if (!flushed && commands.some(([name, , ...fields]) => name === 'HSET' && !fields.includes('_e'))) {
          flushed = true
          await redis.pipeline(commands.slice(0, 4), ms)
          await ask('FLUSHALL')
          return redis.pipeline(commands.slice(4), ms) as never
        }
        return redis.pipeline(commands, ms) as never
      },
    }
    await ask('DEL', ONE)
    await assert.rejects(rebuildShards(pool, late, { kind: 'article.likes', shards: [shardOf(one)] }), /lost/)
    assert.ok(flushed)
    for (const key of (await redis.send(['KEYS', '*:new:*'])) as string[])
      assert.ok(Number(await ask('PTTL', key)) > 0, `${key} goes by itself`)
    await settled()
    await exact()
  })

  test('a shard that took so long to make that the log was folded meanwhile is made once more', { skip }, async () => {
    const reached = Promise.withResolvers<void>()
    const gate = Promise.withResolvers<void>()
    const slow: Redis = {
      ...redis,
      async runAll(script, calls, ms) {
        if (script === SWAP) {
          reached.resolve()
          await gate.promise
        }
        return redis.runAll(script, calls, ms) as never
      },
    }
    const late = newApplier(slow)
    try {
      await ask('DEL', ONE)
      await ask('DEL', LEASE_KEY)
      await late.tick()
      await reached.promise
      await add(1)
      const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
      for (let at = '0'; BigInt(at) <= BigInt(rows[0]?.xid ?? 0); at = String(await ask('GET', FRESH_KEY)).split(' ')[1] ?? '0') {
        now = Date.now()
        await late.tick()
        await sleep(10)
      }
      await removeConsumer(db)
      while ((await foldCounters(db)) > 0);
      gate.resolve()
      await settled(late)
    } finally {
      gate.resolve()
      await late.close()
    }
    assert.equal(await likes(), 4)
    await exact()
  })

  test('ids that differ in their last digit have counts of their own', { skip }, async () => {
    await add(2, [2n ** 61n + 1n])
    await add(7, [2n ** 61n + 2n])
    await settled()
    const of = await counters.read(['article.likes'], [2n ** 61n, 2n ** 61n + 1n, 2n ** 61n + 2n])
    assert.deepEqual(
      [0n, 1n, 2n].map(n => of(2n ** 61n + n, 'article.likes')),
      [0, 2, 7],
    )
    assert.equal(await likes(two), 3)
  })

  test('the database and the code put every id into the same shard', { skip: false }, async () => {
    const ids = [0n, 1n, -1n, 255n, 1_000_003n, 2n ** 53n, 2n ** 63n - 1n, -(2n ** 63n), ...IDS]
    const { rows } = await sql<{
      key: bigint
      shard: number
    }>`select key, counter_shard(key) as shard from unnest(${ids}::bigint[]) key`.execute(db)
    for (const { key, shard } of rows) assert.equal(shardOf(key), shard, `${key}`)
    assert.ok(new Set(IDS.map(shardOf)).size > 20, 'ids of quiet days are spread')
  })
}
