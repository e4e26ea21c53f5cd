import assert from 'node:assert/strict'
import { test } from 'node:test'
import { testDatabase } from '../../../test/support/database.ts'
import type { ChannelId } from '../../base/id.ts'
import { ANONYMOUS } from '../../base/viewer.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { createTokenSigner } from '../tracking-tokens.ts'
import { createSharedLists } from './shared-lists.ts'

test('of more lists asked for at once than are remembered, each is answered', async () => {
  const { db } = await testDatabase()
  const catalogue = createCatalogue(Date.now)
  const lists = createSharedLists({
    db,
    clock: Date.now,
    catalogue,
    traces: createTokenSigner('k'.repeat(32)),
    rank: async () => [],
    policy: 1,
  })
  const asked = Array.from({ length: 50 }, (_, i) =>
    lists.recommend({ viewer: ANONYMOUS, channelId: (i + 1) as ChannelId, count: 10, cursor: 1 }),
  )
  for (const answer of await Promise.all(asked)) assert.deepEqual(answer.items, [])
})
