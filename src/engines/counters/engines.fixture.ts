// Both engines on a database of their own, with the same articles and readers, for the contracts that both must keep.

import { setTimeout as sleep } from 'node:timers/promises'
import { isDeepStrictEqual } from 'node:util'
import { cleanup } from '../../../test/support/cleanup.ts'
import { type TestDatabase, testDatabase } from '../../../test/support/database.ts'
import { connectRedis, NO_REDIS, startRedis } from '../../../test/support/redis.ts'
import { eventually } from '../../../test/support/waiting.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { silentLog } from '../../base/log.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from './counters.ts'
import { createReconciler, type Reconciler } from './reconcile.ts'
import { createApplier } from './redis/applier.ts'
import { redisCounters } from './redis/read.ts'
import { tableCounters } from './table.ts'

interface Engine extends TestDatabase {
  counters: Counters
  /** The engine as another process has it. */
  elsewhere: Counters
  reconciler: Reconciler
  /** Lets the engine take in what is committed. */
  settle(): Promise<void>
}

export const AUTHOR = (2n ** 60n) as ReaderId
export const READER = (2n ** 60n + 1n) as ReaderId
export const OTHERS = Array.from({ length: 40 }, (_, i) => (2n ** 60n + 10n + BigInt(i)) as ReaderId)
export const ARTICLES = Array.from({ length: 30 }, (_, i) => (2n ** 61n + BigInt(i)) as ArticleId)
export const ALICE: Viewer = { kind: 'reader', id: READER }
export const like = (reader_id: ReaderId, article_id: ArticleId) => ({ reader_id, article_id, value: 1 })

export interface OpenEngine extends Engine {
  name: string
  likesOf(id: bigint, viewer?: Viewer): Promise<number>
  likeRows(id: ArticleId): Promise<number>
  /** Settles until `read` gives the wanted value: transactions of other tests hold the end of the log back for moments. */
  settlesTo<T>(wanted: T, read: () => Promise<T>): Promise<void>
}

export const ENGINES: { name: string; skip: string | false; open(): Promise<OpenEngine> }[] = [
  { name: 'table', skip: false, open: async () => withWorld('table', await openTable()) },
  { name: 'redis', skip: NO_REDIS, open: async () => withWorld('redis', await openRedis()) },
]

async function openTable(): Promise<Engine> {
  const database = await testDatabase()
  const { db, pool } = database
  const reconciler = createReconciler({ pool, log: silentLog })
  return { ...database, counters: tableCounters(db), elsewhere: tableCounters(db), reconciler, settle: () => sleep(1) }
}

async function openRedis(): Promise<Engine> {
  const database = await testDatabase()
  const { db, pool } = database
  const server = await startRedis()
  const [redis, other] = [await connectRedis(server.url), await connectRedis(server.url)]
  const applier = createApplier({ db, pool, redis, log: silentLog, settleMs: 0 })
  cleanup(() => applier.close())
  await eventually(
    async () => {
      await applier.tick()
      return applier.missingShards()
    },
    missing => missing === 0,
  )
  return {
    ...database,
    counters: redisCounters({ db, redis, log: silentLog }),
    elsewhere: redisCounters({ db, redis: other, log: silentLog }),
    reconciler: createReconciler({ pool, redis, log: silentLog }),
    settle: () => applier.tick(),
  }
}

async function withWorld(name: string, engine: Engine): Promise<OpenEngine> {
  const { db, counters, settle } = engine
  await db.insertInto('channel').values({ id: 1, name: 'channel' }).execute()
  await db
    .insertInto('reader')
    .values([AUTHOR, READER, ...OTHERS].map(id => ({ id, name: `reader ${id}` })))
    .execute()
  await db
    .insertInto('article')
    .values(ARTICLES.map(id => ({ id, author_id: AUTHOR, channel_id: 1, title: 'title', status: 2, published_at: new Date(0) })))
    .execute()
  return {
    ...engine,
    name,
    likesOf: async (id, viewer) => (await counters.read(['article.likes'], [id], viewer))(id, 'article.likes'),
    async likeRows(id) {
      const rows = await db.selectFrom('attitude').select('reader_id').where('article_id', '=', id).where('value', '=', 1).execute()
      return rows.length
    },
    async settlesTo(wanted, read) {
      await eventually(
        async () => (await settle(), read()),
        value => isDeepStrictEqual(value, wanted),
      )
    },
  }
}
