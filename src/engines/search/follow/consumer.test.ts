import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../../test/support/database.ts'
import { eventually } from '../../../../test/support/waiting.ts'
import type { ArticleId } from '../../../base/id.ts'
import { unavailable } from '../../../base/problem.ts'
import { createDurableConsumer } from '../../log/durable-consumer.ts'
import { createSegmenter } from '../analysis/segmenter.ts'
import { createPostgresSearch } from '../postgres/postgres.ts'
import type { SearchEngine } from '../search.ts'
import { createSearchConsumer } from './consumer.ts'
import { createIndexer } from './entries.ts'
import type { ReindexOptions, ReindexReport } from './reindex.ts'

const { db, pool } = await testDatabase()
const indexer = createIndexer({ db, segmenter: createSegmenter() })
await pool.query(`insert into channel (id, name) values (1, 'news'); insert into reader (id, name) values (1, 'carol')`)
let nextId = 1

const engineFor = () => createPostgresSearch({ db, pool, clock: () => performance.now() })
const never = new AbortController().signal

function consumerOf(engine: SearchEngine, options: Partial<ReindexOptions> = {}) {
  const reports: ReindexReport[] = []
  const onReindexed = (report: ReindexReport) => void reports.push(report)
  const consumer = createDurableConsumer(createSearchConsumer({ db, engine, indexer, signal: never, ...options, onReindexed }), {
    db,
    pool,
  })
  return { ...consumer, reports }
}

async function publish(many: number): Promise<void> {
  await pool.query(
    `with put as (insert into article (id, author_id, channel_id, title, status, published_at)
       select n, 1, 1, '文章第' || n || '篇', 2, now() from generate_series(${nextId}, ${nextId + many - 1}) n returning id)
     insert into article_content select id, '<p>正文</p>' from put`,
  )
  nextId += many
}

async function publishedIds(): Promise<ArticleId[]> {
  const { rows } = await pool.query<{ id: ArticleId }>('select id from article where status = 2 order by id')
  return rows.map(row => row.id)
}

async function assertInStep(engine: SearchEngine): Promise<void> {
  const published = await publishedIds()
  const every = Array.from({ length: nextId - 1 }, (_, i) => BigInt(i + 1) as ArticleId)
  const found = [...(await engine.exists(every))].toSorted((a, b) => Number(a - b))
  assert.deepEqual(found, published)
}

/** Other tests' transactions hold the end of the log back for moments. */
const untilInStep = (engine: SearchEngine) =>
  eventually(
    async () => {
      await consumerOf(engine).catchUp()
      return assertInStep(engine).then(
        () => true,
        () => false,
      )
    },
    yes => yes,
  )

test('an index that holds nothing is built, and follows what is published and withdrawn afterwards', async () => {
  const engine = engineFor()
  await publish(700)
  const consumer = consumerOf(engine)
  await consumer.catchUp()
  assert.deepEqual(
    consumer.reports.map(({ copied, resumed }) => [copied, resumed]),
    [[700, false]],
  )
  await assertInStep(engine)
  await publish(5)
  await pool.query('update article set status = 5 where id in (3, 4)')
  await pool.query('delete from article where id = 5')
  await untilInStep(engine)
})

test('a consumer that dies between the row and the index, fifty times, leaves nothing out', async () => {
  const engine = engineFor()
  for (let i = 0; i < 50; i++) {
    await publish(2)
    await pool.query('update article set status = 4 where id = $1', [nextId - 1])
    const dying: SearchEngine = {
      ...engine,
      // Dead before anything is written, or after all is written and before the offset is.
      put: async (...args) => {
        if (i % 2 === 0) throw unavailable('killed')
        await engine.put(...args)
      },
      remove: async (...args) => {
        await engine.remove(...args)
        throw unavailable('killed')
      },
    }
    await assert.rejects(
      eventually(
        () => consumerOf(dying).catchUp(),
        () => false,
      ),
      /killed/,
    )
  }
  await untilInStep(engine)
})

test('a hundred articles that are deleted while everything is indexed anew do not come back, and a copy that was broken off goes on', async () => {
  const engine = engineFor()
  await publish(1_200)
  const broken = new AbortController()
  let deleted = 0
  const deleteSome = async () => {
    const { rowCount } = await pool.query(
      'delete from article where id = any(select id from article where status = 2 order by random() limit 25)',
    )
    deleted += rowCount ?? 0
  }
  // Rows are read before they are deleted, and put afterwards.
  const slow: SearchEngine = {
    ...engine,
    put: async (batch, place) => {
      if (place === 'aside') await deleteSome()
      await engine.put(batch, place)
    },
  }
  const breaking = consumerOf(slow, { signal: broken.signal, onProgress: copied => copied >= 500 && broken.abort() })
  await assert.rejects(breaking.rebuild())
  const again = consumerOf(slow)
  await again.rebuild()
  assert.equal(again.reports[0]?.resumed, true)
  for (; deleted < 100; ) await deleteSome()
  await untilInStep(engine)
})

test('of two processes that build the same index one does, the other is refused', async () => {
  const engine = engineFor()
  let other: Promise<boolean> | undefined
  const first: SearchEngine = {
    ...engine,
    put: async (...args) => {
      other ??= consumerOf(engine).rebuild()
      await other
      await engine.put(...args)
    },
  }
  assert.equal(await consumerOf(first).rebuild(), true)
  assert.equal(await other, false)
})

test('while an index is built anew, the one that answers is kept in step by a worker, and no change is lost when they change places', async () => {
  const engine = engineFor()
  await publish(600)
  const worker = consumerOf(engine)
  await untilInStep(engine)
  let batches = 0
  const busy: SearchEngine = {
    ...engine,
    put: async (batch, place) => {
      await engine.put(batch, place)
      if (place !== 'aside' || ++batches > 3) return // each adds one to copy
      await publish(1)
      await untilInStep(engine)
    },
    swap: async step => {
      if (step === 'finish') await publish(1)
      await worker.catchUp() // waits for the one who builds
      await engine.swap(step)
    },
  }
  assert.equal(await consumerOf(busy).rebuild(), true)
  await untilInStep(engine)
})
