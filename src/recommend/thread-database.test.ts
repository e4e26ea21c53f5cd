import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sql } from 'kysely'
import { cleanup } from '../../test/support/cleanup.ts'
import { testDatabase } from '../../test/support/database.ts'
import { startSlowNetwork } from '../../test/support/slow-network.ts'
import { CONNECT_MS } from '../engines/database/database.ts'
import { openThreadDatabase } from './thread-database.ts'

test('a thread waits for its connection for longer than a request does', async () => {
  const { url } = await testDatabase()
  const network = await startSlowNetwork(url)
  const { db, close } = openThreadDatabase(network.url, 'thread')
  cleanup(close)
  network.setDelay(CONNECT_MS / 2.5) // three round trips
  const { rows } = await sql<{ one: number }>`select 1 as one`.execute(db)
  assert.deepEqual(rows, [{ one: 1 }])
})
