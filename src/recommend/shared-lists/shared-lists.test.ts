import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import type { ChannelId } from '../../base/id.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { createTokenSigner } from '../tracking-tokens.ts'
import { createSharedLists } from './shared-lists.ts'

test('requests for more lists at once than the cache holds are all answered', async () => {
  const { db } = await testDatabase()
  const catalogue = createCatalogue(Date.now)
  const lists = createSharedLists({
    db,
    clock: Date.now,
    catalogue,
    tokenSigner: createTokenSigner('k'.repeat(32)),
    rank: async () => [],
  })
  const requests = Array.from({ length: 50 }, (_, i) =>
    lists.recommend({ viewer: ANONYMOUS, channelId: (i + 1) as ChannelId, count: 10, cursor: 1 }),
  )
  for (const response of await Promise.all(requests)) assert.deepEqual(response.items, [])
})
