import assert from 'node:assert/strict'
import { test } from 'node:test'
import { listPersonalColumns } from '../../src/features/personal-data/personal-data.sql.ts'
import { PERSONAL_RULES } from '../../src/features/personal-data/personal-tables.ts'
import { testDatabase } from '../support/database.ts'

test('personal-tables.ts says of every table that names readers what is exported and what is deleted', async () => {
  const { db } = await testDatabase()
  const columns = await listPersonalColumns(db)
  assert.deepEqual(Object.keys(PERSONAL_RULES).toSorted(), columns.map(({ table, column }) => `${table}.${column}`).toSorted())
})
