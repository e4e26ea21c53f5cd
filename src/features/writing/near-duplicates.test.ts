import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import type { ArticleId, ReaderId } from '../../base/id.ts'
import { createNearDuplicates } from './near-duplicates.ts'

const { db } = await testDatabase()

test('of a long article only the beginning is compared, so that saving one does not hold up other requests', async () => {
  const given: string[] = []
  const wordsOf = (text: string) => {
    given.push(text)
    return []
  }
  await createNearDuplicates({ db, wordsOf }).record(1n as ArticleId, 1n as ReaderId, '中'.repeat(300_000))
  assert.deepEqual(
    given.map(text => text.length),
    [4_000],
  )
})
