// Reliability R34: kill -9 between a row and the index again and again; deletes during a reindex that is killed as well.

import assert from 'node:assert/strict'
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { before, describe, test } from 'node:test'
import type { ArticleId } from '../../../src/base/id.ts'
import { createPostgresSearch } from '../../../src/engines/search/postgres/postgres.ts'
import { SIZE } from '../../support/chaos-size.ts'
import { cleanup } from '../../support/cleanup.ts'
import { type TestDatabase, testDatabase } from '../../support/database.ts'
import { eventually, pause, within } from '../../support/waiting.ts'

const [KILLS, DELETES] = [50, 100]
const skip = SIZE === 'smoke' && 'src/engines/search/follow/consumer.test.ts has consumers that die at these points'
/** Promised: so long after the last kill what can be found is what is published. */
const EQUAL_MS = 10_000

let [pool, url] = [] as unknown as [TestDatabase['pool'], string]
let engine: ReturnType<typeof createPostgresSearch>
let nextId = 1

async function start(task = 'follow'): Promise<ChildProcess> {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'indexer-process.ts'), url, task], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  cleanup(async () => void child.kill('SIGKILL'))
  await within(once(child.stdout as NodeJS.ReadableStream, 'data'), `${task} has begun`)
  return child
}

async function kill(child: ChildProcess): Promise<void> {
  const gone = once(child, 'exit')
  if (child.kill('SIGKILL')) await gone
}

async function publish(many: number): Promise<void> {
  await pool.query(
    `insert into article (id, author_id, channel_id, title, status, published_at)
     select n, 1, 1, '文章第' || n || '篇', 2, now() from generate_series(${nextId}, ${nextId + many - 1}) n`,
  )
  nextId += many
}

async function difference(): Promise<{ missing: number; resurrected: number }> {
  const { rows } = await pool.query<{ id: ArticleId }>('select id from article where status = 2')
  const published = new Set(rows.map(row => row.id))
  const found = await engine.exists(Array.from({ length: nextId - 1 }, (_, i) => BigInt(i + 1) as ArticleId))
  return { missing: [...published].filter(id => !found.has(id)).length, resurrected: [...found].filter(id => !published.has(id)).length }
}

const untilEqual = () => eventually(difference, ({ missing, resurrected }) => missing + resurrected === 0, EQUAL_MS)

describe('the search index is followed by processes that are killed', { skip }, () => {
  before(async () => {
    const { db, ...database } = await testDatabase()
    ;({ pool, url } = database)
    engine = createPostgresSearch({ db, pool, clock: () => performance.now() })
    await pool.query(`insert into channel (id, name) values (1, 'news'); insert into reader (id, name) values (1, 'carol')`)
    await publish(2_000)
    const child = await start('reindex')
    await within(once(child, 'exit'), 'the reindex ends')
  })

  test(`what can be found is what is published, after ${KILLS} kills between the row and the index`, async t => {
    for (let i = 0; i < KILLS; i++) {
      const child = await start()
      await publish(20)
      await pool.query('update article set status = 5 where id = any(select id from article where status = 2 order by random() limit 5)')
      await pause(Math.random() * 60)
      await kill(child)
    }
    const child = await start()
    const began = performance.now()
    await untilEqual()
    t.diagnostic(`equal ${Math.round(performance.now() - began)} ms after the last start`)
    await kill(child)
  })

  test(`${DELETES} articles deleted during a reindex that is killed and gone on with do not come back`, async t => {
    const follower = await start()
    let deleted = 0
    while (deleted < DELETES) {
      const child = await start('reindex')
      const ended = once(child, 'exit')
      const { rowCount } = await pool.query(
        'delete from article where id = any(select id from article where status = 2 order by random() limit 10)',
      )
      deleted += rowCount ?? 0
      await pause(100 + Math.random() * 400)
      child.kill('SIGKILL')
      await ended
    }
    const last = await start('reindex')
    const lastEnded = once(last, 'exit')
    await pool.query('delete from article where id = any(select id from article where status = 2 order by random() limit 10)')
    const [code] = await within(lastEnded, 'the last reindex ends')
    assert.equal(code, 0)
    const { resurrected } = await untilEqual()
    t.diagnostic(`${deleted + 10} deleted, ${resurrected} resurrected`)
    await kill(follower)
  })
})
