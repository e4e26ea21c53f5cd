import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { sql } from 'kysely'
import { cleanup } from '../../../test/support/cleanup.ts'
import { testDatabase } from '../../../test/support/database.ts'
import { eventually } from '../../../test/support/waiting.ts'
import { silentLog } from '../../base/log.ts'
import { CHANGE_COLUMNS, type LoggedChange } from './change-log.ts'
import { type Position, readEndPosition, readRowsAfter } from './log-reader.ts'
import { listenForNotifications } from './notifications.ts'

const { db, pool, url } = await testDatabase()

let nextId = 1n
/** A reader's row is one change. */
const insert = (id: bigint) => `insert into reader (id, name) values (${id}, 'reader ${id}')`
const changesAfter = async (after: Position, most: number) =>
  (await readRowsAfter<LoggedChange>(db, 'change', { columns: CHANGE_COLUMNS, after, limit: most })).rows
const keys = (changes: LoggedChange[]) => changes.map(change => change.key)

async function begun(statement: string) {
  const client = await pool.connect()
  await client.query('begin')
  await client.query(statement)
  return async (end: 'commit' | 'rollback') => {
    await client.query(end)
    client.release()
  }
}

/** The end of the log, once nobody holds it back: other tests' transactions on this server do, for moments. */
async function end(): Promise<Position> {
  const { rows } = await sql<{ xid: string }>`select pg_current_xact_id()::text as xid`.execute(db)
  const passed = BigInt(rows[0]?.xid ?? 0)
  return eventually(
    () => readEndPosition(db),
    horizon => BigInt(horizon.xid) > passed,
  )
}

/** Everything after a position up to the end of the log. */
async function follow(from: Position): Promise<LoggedChange[]> {
  await end()
  return changesAfter(from, 10_000)
}

test('an earlier transaction that commits later than a later one is not skipped', async () => {
  const from = await end()
  const [early, late] = [nextId++, nextId++]
  const earlier = await begun(insert(early))
  await pool.query(insert(late))
  assert.deepEqual(await changesAfter(from, 10), [], 'the later one waits for the earlier')
  await earlier('commit')
  const changes = await follow(from)
  assert.deepEqual(keys(changes), [early, late])
  assert.deepEqual(await follow(changes[1] as LoggedChange), [])
})

test('an open transaction that has written nothing holds nobody back', async () => {
  const from = await end()
  const idle = await begun('select 1')
  const id = nextId++
  await pool.query(insert(id))
  assert.deepEqual(keys(await follow(from)), [id])
  await idle('rollback')
})

test('a rolled back transaction, or savepoint, leaves nothing', async () => {
  const from = await end()
  const [gone, undone, kept] = [nextId++, nextId++, nextId++]
  await (await begun(insert(gone)))('rollback')
  await pool.query(`begin; savepoint here; ${insert(undone)}; rollback to here; ${insert(kept)}; commit`)
  assert.deepEqual(keys(await follow(from)), [kept])
})

test('a follower gets batches in order, and goes on in the middle of a transaction', async () => {
  const from = await end()
  const ids = Array.from({ length: 7 }, () => nextId++)
  await pool.query(`begin; ${ids.slice(0, 5).map(insert).join('; ')}; commit`)
  for (const id of ids.slice(5)) await pool.query(insert(id))
  await end()
  const sizes: number[] = []
  const read: bigint[] = []
  for (let seen = from; sizes.at(-1) !== 0; ) {
    const changes = await changesAfter(seen, 3)
    sizes.push(changes.length)
    read.push(...keys(changes))
    seen = changes.at(-1) ?? seen
  }
  assert.deepEqual(sizes, [3, 3, 1, 0])
  assert.deepEqual(read, ids)
})

test('transactions follow each other as numbers do, 9 before 10', async () => {
  for (const xid of ['11', '9', '100', '10', '8', '99'])
    await pool.query(`insert into change (xid, topic, key) values ('${xid}', 'reader', ${xid})`)
  const read: string[] = []
  for (let seen: Position = { xid: '7', seq: 0n }; read.length < 6; ) {
    const changes = await changesAfter(seen, 2)
    assert.equal(changes.length, 2)
    read.push(...changes.map(change => change.xid))
    seen = changes.at(-1) as LoggedChange
  }
  assert.deepEqual(read, ['8', '9', '10', '11', '99', '100'])
  await pool.query(`delete from change where xid <= '100'`)
})

test('under many writers a follower gets every committed change exactly once, in order', async () => {
  const seed = Date.now() % 2 ** 31
  const work = fc.record({ rows: fc.integer({ min: 1, max: 4 }), restMs: fc.nat(8), ends: fc.constantFrom('commit', 'commit', 'rollback') })
  const lists = fc.sample(fc.array(work, { minLength: 40, maxLength: 40 }), { seed, numRuns: 6 })
  const from = await end()
  const committed: bigint[] = []
  let over = false
  const writers = lists.map(async list => {
    const client = await pool.connect()
    try {
      for (const { rows, restMs, ends } of list) {
        const ids = Array.from({ length: rows }, () => nextId++)
        await client.query('begin')
        for (const id of ids) await client.query(insert(id)).then(() => sleep(restMs / 4))
        await client.query(ends)
        if (ends === 'commit') committed.push(...ids)
      }
    } finally {
      client.release()
    }
  })
  const written = Promise.all(writers).finally(() => {
    over = true
  })
  const got: LoggedChange[] = []
  // A second follower that begins somewhere in the middle: with the rows it finds, it misses none either.
  const joined = (async () => {
    while (committed.length < 100 && !over) await sleep(1)
    const horizon = await readEndPosition(db)
    const { rows } = await pool.query<{ id: bigint }>('select id from reader')
    return { horizon, found: rows.map(row => row.id) }
  })()
  for (let last = false; ; ) {
    const changes = await changesAfter(got.at(-1) ?? from, 7)
    got.push(...changes)
    if (changes.length === 7) continue
    if (last) break
    if (over) {
      await written
      await end()
      last = true
    }
  }
  const { horizon, found } = await joined
  assert.deepEqual(got, got.toSorted(inOrder), `seed ${seed}`)
  assert.deepEqual(keys(got).toSorted(ascending), committed.toSorted(ascending), `seed ${seed}`)
  const both = new Set([...found, ...keys(await follow(horizon))])
  assert.deepEqual(
    committed.filter(id => !both.has(id)),
    [],
    `seed ${seed}`,
  )
})

const ascending = (a: bigint, b: bigint) => (a < b ? -1 : 1)
const inOrder = (a: LoggedChange, b: LoggedChange) => Number(BigInt(a.xid) - BigInt(b.xid)) || Number(a.seq - b.seq)

test('what lies below the horizon is over: it is not read again, and everything since the oldest under way is', async () => {
  const [before, underWay, meanwhile, after] = [nextId++, nextId++, nextId++, nextId++]
  await pool.query(insert(before))
  await end()
  const open = await begun(insert(underWay))
  await pool.query(insert(meanwhile))
  const horizon = await readEndPosition(db)
  await pool.query(insert(after))
  await open('commit')
  assert.deepEqual(keys(await follow(horizon)), [underWay, meanwhile, after])
  assert.deepEqual(await follow(await end()), [])
})

test('a statement over many rows notes each of them once, under what the thing is known by', async () => {
  const id = nextId++
  await pool.query(`insert into channel (id, name) values (7, 'channel')`)
  await pool.query(insert(id))
  const noted = async (statement: string) => {
    const from = await end()
    await pool.query(statement)
    return (await follow(from)).map(change => `${change.topic} ${change.key}`).toSorted()
  }
  const article = (n: number) => `(${n}, ${id}, 7, 'title', 2, now())`
  const columns = 'id, author_id, channel_id, title, status, published_at'
  assert.deepEqual(await noted(`insert into article (${columns}) values ${article(1)}, ${article(2)}`), ['article 1', 'article 2'])
  assert.deepEqual(await noted(`insert into article_content values (1, 'text'), (2, 'text')`), ['article 1', 'article 2'])
  assert.deepEqual(await noted(`update article_content set html = 'other' where article_id = 2`), ['article 2'])
  assert.deepEqual(await noted('update article set status = 4'), ['article 1', 'article 2'])
  assert.deepEqual(await noted('update article_content set article_id = 3 - article_id where article_id = 3'), [])
  assert.deepEqual(await noted('delete from article where id = 2'), ['article 2', 'article 2'], 'its text goes with it')
  assert.deepEqual(await noted(`update channel set id = 8, name = 'moved' where id = 7 and false`), [])
  assert.deepEqual(await noted(`insert into channel (id, name) values (8, 'other')`), ['channel 8'])
  assert.deepEqual(await noted('update channel set id = 9 where id = 8'), ['channel 8', 'channel 9'], 'where it was, and where it is')
})

/** Counts its wakes; `woken` waits until it was called once more. */
function ear() {
  let heard = 0
  return {
    wake: () => {
      heard++
    },
    get heard() {
      return heard
    },
    async woken(than = heard) {
      await eventually(
        () => heard,
        calls => calls > than,
      )
    },
  }
}

async function listeners(name: string): Promise<number[]> {
  const { rows } = await pool.query<{ pid: number }>('select pid from pg_stat_activity where application_name = $1', [name])
  return rows.map(row => row.pid)
}

async function listen(name: string, channels = ['change'], to = url) {
  const wakes = await listenForNotifications({ url: to, name, channels, log: silentLog })
  cleanup(() => wakes.close())
  return wakes
}

test('every table whose changes are noted refuses TRUNCATE, which shows no rows', async () => {
  const { rows } = await pool.query<{ name: string }>(
    `select tgrelid::regclass::text as name from pg_trigger where tgname = 'note_deleted'`,
  )
  assert.ok(rows.length >= 7)
  for (const { name } of rows) await assert.rejects(pool.query(`truncate ${name} cascade`), /use DELETE instead of TRUNCATE/, name)
})

test('whoever waits is woken by what is notified on its channel, and by nothing else', async () => {
  const wakes = await listen('hears', ['change', 'other'])
  const [change, second, other] = [ear(), ear(), ear()]
  wakes.on('change', change.wake)
  wakes.on('change', second.wake)
  wakes.on('other', other.wake)
  assert.throws(() => wakes.on('unheard', () => {}), /nobody listens/)
  const woken = Promise.all([change.woken(), second.woken()])
  await pool.query(insert(nextId++))
  await woken
  assert.equal(other.heard, 0)
  const wokenOther = other.woken()
  await pool.query(`notify other; notify unheard`)
  await wokenOther
  assert.deepEqual([change.heard, second.heard, other.heard], [1, 1, 1])
})

test('a change that is rolled back, or touches no row, wakes nobody', async () => {
  const wakes = await listen('sleeps', ['change', 'other'])
  const [change, other] = [ear(), ear()]
  wakes.on('change', change.wake)
  wakes.on('other', other.wake)
  await (await begun(insert(nextId++)))('rollback')
  await pool.query(`update reader set name = 'nobody' where id = -1; delete from reader where id = -1`)
  const woken = other.woken()
  await pool.query('notify other') // comes after whatever came before
  await woken
  assert.equal(change.heard, 0)
})

test('a listener whose connection is killed comes back, wakes at once for what it may have missed, and hears again', async () => {
  const wakes = await listen('comes back', ['change', 'other'])
  const [change, other] = [ear(), ear()]
  wakes.on('change', change.wake)
  wakes.on('other', other.wake)
  for (let round = 0; round < 2; round++) {
    const [pid] = await listeners('comes back')
    const back = Promise.all([change.woken(), other.woken()])
    await pool.query('select pg_terminate_backend($1)', [pid])
    await back
    assert.equal((await listeners('comes back')).length, 1)
    const woken = change.woken()
    await pool.query(insert(nextId++))
    await woken
  }
})

test('a listener that is closed leaves no connection, whatever it was doing', async () => {
  // Around the moment at which it connects anew, half a second after it was killed.
  const waits = [0, 100, ...Array.from({ length: 20 }, (_, i) => 490 + 2 * i)]
  await Promise.all(
    waits.map(async waitMs => {
      const wakes = await listenForNotifications({ url, name: `closes ${waitMs}`, channels: ['change'], log: silentLog })
      await pool.query('select pg_terminate_backend($1)', await listeners(`closes ${waitMs}`))
      await sleep(waitMs)
      await wakes.close()
    }),
  )
  await sleep(1_000)
  await eventually(
    async () => (await Promise.all(waits.map(waitMs => listeners(`closes ${waitMs}`)))).flat(),
    pids => pids.length === 0,
  )
})

test('listening on a database that is away fails, and does not go on trying by itself', async () => {
  const name = `late_${process.pid}`
  const away = new URL(url)
  away.pathname = `/${name}`
  await assert.rejects(listenForNotifications({ url: away.href, name: 'tries', channels: ['change'], log: silentLog }), { code: '3D000' })
  await pool.query(`create database ${name}`)
  cleanup(async () => void (await pool.query(`drop database ${name} with (force)`)))
  await sleep(1_200)
  assert.deepEqual(await listeners('tries'), [])
})
