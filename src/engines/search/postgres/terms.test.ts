import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../../test/support/database.ts'
import type { ArticleId, ChannelId, ReaderId } from '../../../base/id.ts'
import { createAnalyze } from '../analysis/analyze.ts'
import { createSegmenter } from '../analysis/segmenter.ts'
import { createPostgresSearch } from './postgres.ts'
import { countTerms } from './terms.sql.ts'

test('the words of an index are counted in parts, each article once', async t => {
  const { db, pool, close } = await testDatabase()
  t.after(close)
  const engine = createPostgresSearch({ db, pool, clock: () => performance.now() })
  const analyze = createAnalyze(createSegmenter())
  assert.equal((await countTerms(db, 'a', 3)).size, 0)
  const entries = Array.from({ length: 10 }, (_, i) => ({
    id: BigInt(i + 1) as ArticleId,
    version: 1n,
    authorId: 1n as ReaderId,
    channelId: 1 as ChannelId,
    publishedAt: 0,
    covers: 0,
    popularity: 0,
    title: analyze(i % 2 === 0 ? 'comet' : 'comet tail'),
    body: analyze(''),
  }))
  await engine.put({ entries })
  for (const atOnce of [1, 3, 10, 100]) {
    const counted = await countTerms(db, 'a', atOnce)
    assert.deepEqual([counted.get('comet'), counted.get('tail')], [10, 5], `${atOnce} at once`)
  }
})
