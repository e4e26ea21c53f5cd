// The row types as the migrations make them, from a database made and thrown away for the purpose.

import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { silent } from '../base/log.ts'
import { openDatabase } from '../engines/database/database.ts'
import { generateTables } from '../engines/database/generate-tables.ts'
import { migrate } from '../engines/database/migrate.ts'
import { startPostgres } from '../engines/postgres/server.ts'

export const TABLES_FILE = new URL('../engines/database/tables.gen.ts', import.meta.url)

export async function freshTables(): Promise<string> {
  const dataDir = await mkdtemp(join(tmpdir(), 'broadsheet-tables-'))
  try {
    const postgres = await startPostgres({ dataDir, log: silent })
    const { pool, close } = openDatabase({ url: postgres.url, name: 'tables', log: silent })
    try {
      await migrate(pool)
      return await generateTables(pool)
    } finally {
      await close()
      await postgres.stop()
    }
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}
