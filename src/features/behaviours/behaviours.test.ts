import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { type TestDatabase, testDatabase } from '../../../test/database.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { silent } from '../../base/log.ts'
import { writeOpened } from './behaviours.sql.ts'
import { createBehaviours } from './behaviours.ts'

let database: TestDatabase
const reader = { kind: 'reader', id: 1n as ReaderId } as const
const article = 10n as ArticleId

before(async () => {
  database = await testDatabase()
  const { db } = database
  await db.insertInto('reader').values({ id: reader.id, name: 'alice' }).execute()
  const { id } = await db.insertInto('channel').values({ name: '科技' }).returning('id').executeTakeFirstOrThrow()
  await db
    .insertInto('article')
    .values({ id: article, author_id: reader.id, channel_id: id, title: 't', status: 2, published_at: new Date() })
    .execute()
})

const written = async () => (await database.db.selectFrom('behaviour').select('id').execute()).length

test('everything that was opened is written when the process leaves, however much it is', async () => {
  const before = await written()
  const behaviours = createBehaviours({ db: database.db, log: silent, clock: Date.now, readTrace: () => undefined })
  for (let i = 0; i < 1_200; i++) behaviours.opened(reader, article, undefined)
  await behaviours.close()
  assert.equal((await written()) - before, 1_200)
})

test('an opening of what is gone, or that cannot be written, takes no other with it', async () => {
  const before = await written()
  const behaviours = createBehaviours({ db: database.db, log: silent, clock: Date.now, readTrace: () => undefined })
  behaviours.opened(reader, article, undefined)
  behaviours.opened(reader, 99n as ArticleId, undefined)
  behaviours.opened({ kind: 'device', id: 'nul\0' }, article, undefined)
  behaviours.opened(reader, article, undefined)
  await behaviours.close()
  assert.equal((await written()) - before, 2)
})

test('an opening waits for a batch that tells of the same one, and the batch for nothing', async () => {
  const { db } = database
  const id = '00000000-0000-8000-8000-000000000001'
  await db.deleteFrom('history').execute()
  let opening: Promise<void> | undefined
  // As a batch does it in one statement: behaviours, then histories.
  await db.transaction().execute(async tx => {
    await tx.insertInto('behaviour').values({ id, action: 'click', viewer: 'r1', article_id: article }).execute()
    opening = writeOpened(db, [
      { id, viewer: 'r1', readerId: reader.id, articleId: article, pageId: undefined, position: undefined, bare: false },
    ])
    await sleep(200) // it has what it can have, and waits for the rest
    await tx.insertInto('history').values({ reader_id: reader.id, article_id: article, at: new Date() }).execute()
  })
  await opening
})
