import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { beforeEach, test } from 'node:test'
import { sql } from 'kysely'
import { testDatabase } from '../../../test/support/database.ts'
import { retryUntilDone, within } from '../../../test/support/waiting.ts'
import { SECOND } from '../../base/clock.ts'
import { silentLog } from '../../base/log.ts'
import { Problem } from '../../base/problem.ts'
import { decodeSnowflake } from '../../base/snowflake.ts'
import { createIdGenerator } from './id-generator.ts'

const { db, url } = await testDatabase()
const getRow = (worker: number) => db.selectFrom('id_worker').selectAll().where('worker', '=', worker).executeTakeFirstOrThrow()
const isFree = async (worker: number) => (await getRow(worker)).lease_until <= new Date()
const isUnavailable = (err: unknown) => err instanceof Problem && err.kind === 'unavailable'

/** Makes only these numbers free. */
async function freeOnly(...workers: number[]): Promise<void> {
  await sql`update id_worker set owner = null, lease_until = case when worker = any(${workers}) then '-infinity' else 'infinity' end::timestamptz`.execute(
    db,
  )
}

beforeEach(() => sql`update id_worker set owner = null, fence = 0, lease_until = '-infinity', high_ms = 0`.execute(db))

/** Starts another process that makes ids; `ids` are those it printed. */
async function startIdProcess(count: number, end: 'close' | 'hang') {
  const child = spawn(process.execPath, [new URL('id-generator.fixture.ts', import.meta.url).pathname, url, String(count), end], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  const reading = (async () => {
    for await (const part of child.stdout.setEncoding('utf8')) {
      text += part
      if (text.endsWith('done\n')) return
    }
  })()
  await within(reading, `a process makes ${count} ids`)
  return {
    child,
    ids: text
      .split('\n')
      .filter(line => /^\d/.test(line))
      .map(BigInt),
  }
}

test('twenty generators at once have twenty worker numbers', async () => {
  const generators = await Promise.all(Array.from({ length: 20 }, () => createIdGenerator({ db, log: silentLog })))
  assert.equal(new Set(generators.map(generator => generator.worker)).size, 20)
  await Promise.all(generators.map(generator => generator.close()))
})

test('four processes make 100,000 ids without a duplicate, each in ascending order', async () => {
  const processes = await Promise.all(Array.from({ length: 4 }, () => startIdProcess(25_000, 'close')))
  const all = new Set<bigint>()
  for (const { ids } of processes) {
    assert.equal(ids.length, 25_000)
    assert.ok(ids.every((id, i) => i === 0 || id > (ids[i - 1] as bigint)))
    for (const id of ids) all.add(id)
  }
  assert.equal(all.size, 100_000)
})

test('a killed process leaves its number leased, and its successor starts after the time that was reserved', async () => {
  await freeOnly(5)
  const { child, ids } = await startIdProcess(10, 'hang')
  child.kill('SIGKILL')
  await once(child, 'exit')
  const rowAfterKill = await getRow(5)
  assert.ok(!(await isFree(5)))
  await assert.rejects(createIdGenerator({ db, log: silentLog, waitMs: 0 }), /all 1024 worker numbers/)

  await freeOnly(5) // its lease is over
  let passedMs = 0
  const successor = await createIdGenerator({ db, log: silentLog, clock: () => Date.now() + passedMs })
  assert.equal(successor.worker, 5)
  assert.throws(successor.newId, isUnavailable, 'the reserved time is not over')
  passedMs = 19 * SECOND
  const id = successor.newId()
  assert.ok(decodeSnowflake(id).at.getTime() > Number(rowAfterKill.high_ms))
  assert.ok(ids.every(earlier => earlier < id))
  await successor.close()
})

test('a closed generator releases its number with the last millisecond it used, and makes no more ids', async () => {
  await freeOnly(9)
  const ids = await createIdGenerator({ db, log: silentLog })
  const last = ids.newId()
  await ids.close()
  assert.equal(Number((await getRow(9)).high_ms), decodeSnowflake(last).at.getTime())
  assert.ok(await isFree(9))
  assert.throws(ids.newId, isUnavailable)
  const next = await createIdGenerator({ db, log: silentLog, clock: () => decodeSnowflake(last).at.getTime() })
  assert.ok(next.newId() > last, 'in the same millisecond')
  await next.close()
})

test('a generator that waits for a number gets the first one that becomes free', async () => {
  await freeOnly()
  const waiting = createIdGenerator({ db, log: silentLog, waitMs: 20 * SECOND })
  await new Promise(resolve => setTimeout(resolve, 100)) // it has tried once
  await sql`update id_worker set lease_until = clock_timestamp() where worker = 77`.execute(db)
  const ids = await waiting
  assert.equal(ids.worker, 77)
  await ids.close()
})

test('a number whose reserved time is ahead of our clock is acquired last', async () => {
  await freeOnly(1, 2)
  await sql`update id_worker set high_ms = ${Date.now() + 8 * SECOND} where worker = 1`.execute(db)
  await sql`update id_worker set lease_until = now() - interval '1 second' where worker = 2`.execute(db)
  const ids = await createIdGenerator({ db, log: silentLog })
  assert.equal(ids.worker, 2)
  await ids.close()
})

test('a process that could not renew for 45 s makes no ids until it has renewed', async () => {
  let frozenMs = 0
  const ids = await createIdGenerator({ db, log: silentLog, monotonic: () => performance.now() + frozenMs })
  ids.newId()
  frozenMs = 46 * SECOND
  assert.throws(ids.newId, isUnavailable)
  await retryUntilDone(ids.newId)
  await ids.close()
})

test('a process that lost its number makes no ids with it and acquires another', async () => {
  await freeOnly(3, 4)
  let frozenMs = 0
  const frozen = await createIdGenerator({ db, log: silentLog, monotonic: () => performance.now() + frozenMs })
  const lostWorker = frozen.worker
  await sql`update id_worker set lease_until = clock_timestamp() where worker = ${lostWorker}`.execute(db)
  await sql`update id_worker set lease_until = 'infinity' where worker <> ${lostWorker}`.execute(db)
  const other = await createIdGenerator({ db, log: silentLog })
  assert.equal(other.worker, lostWorker)
  frozenMs = 61 * SECOND
  assert.throws(frozen.newId, isUnavailable)
  await freeOnly(7 - lostWorker)
  await retryUntilDone(frozen.newId)
  assert.equal(frozen.worker, 7 - lostWorker)
  await frozen.close()
})

for (const step of [-1, -3]) {
  test(`a clock that steps by ${step} s causes neither duplicates nor a pause`, async () => {
    let offset = 0
    const ids = await createIdGenerator({ db, log: silentLog, clock: () => Date.now() + offset })
    const before = Array.from({ length: 5_000 }, ids.newId)
    offset = step * SECOND
    const after = Array.from({ length: 5_000 }, ids.newId)
    assert.equal(new Set([...before, ...after]).size, 10_000)
    assert.ok((after[0] as bigint) > (before.at(-1) as bigint))
    await ids.close()
  })
}

for (const step of [-60, 3600]) {
  test(`with a clock that steps by ${step} s no ids are made until it is right again`, async () => {
    let offset = 0
    let frozenMs = 0
    const ids = await createIdGenerator({
      db,
      log: silentLog,
      clock: () => Date.now() + offset,
      monotonic: () => performance.now() + frozenMs,
    })
    const before = ids.newId()
    offset = step * SECOND
    for (let i = 0; i < 20; i++) {
      frozenMs += 2 * SECOND // each refusal triggers a renewal, which must not reserve the wrong hour
      assert.throws(ids.newId, isUnavailable)
      await new Promise(resolve => setTimeout(resolve, 10))
    }
    offset = 0
    await retryUntilDone(() => assert.ok(ids.newId() > before))
    assert.ok(decodeSnowflake(ids.newId()).at.getTime() < Date.now() + SECOND)
    await ids.close()
  })
}

test('a machine whose clock differs by more than 10 s from the database gets no number', async () => {
  await assert.rejects(createIdGenerator({ db, log: silentLog, clock: () => Date.now() - 15 * SECOND }), /clock is -1\d s off/)
  await assert.rejects(createIdGenerator({ db, log: silentLog, clock: () => Date.now() + 15 * SECOND }), /clock is 1\d s off/)
})
