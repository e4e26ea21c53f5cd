// `backup FILE`: rows, files and keys of this installation in one archive, while servers go on.

import pg from 'pg'
import { saveRows } from '../engines/backup/copy-rows.ts'
import type { Manifest } from '../engines/backup/manifest.ts'
import { beginSnapshot, readIdsUntil, readMigrationRows, readSequences } from '../engines/backup/tables.sql.ts'
import { type ArchiveWriter, createArchive } from '../engines/backup/write-archive.ts'
import type { Files } from '../engines/files/files.ts'
import { openFiles } from '../engines/files/open-files.ts'
import { PASSWORD_FILE } from './first-admin.ts'
import type { Infrastructure } from './infrastructure.ts'
import { KEYS, type KeyName, loadKey, readSecret } from './secrets.ts'
import { VERSION } from './version.ts'

export interface BackupReport {
  file: string
  bytes: number
  tables: number
  rows: number
  files: number
  migration: string
}

export async function backUp(infrastructure: Infrastructure, file: string, signal: AbortSignal): Promise<BackupReport> {
  const archive = createArchive(file, signal)
  try {
    const keys = await saveKeys(infrastructure, archive)
    const content = await saveDatabase(infrastructure.databaseUrl, archive)
    // After the rows: a file is stored before the row that names it, so no row of the snapshot lacks its file.
    const files = await saveFiles(await openFiles(infrastructure.config.files, Date.now), archive)
    const created_at = new Date().toISOString()
    const bytes = await archive.finish({ format: 1, version: VERSION, created_at, ...content, keys, files })
    const rows = content.tables.reduce((sum, table) => sum + table.rows, 0)
    const migration = content.migrations.at(-1)?.name ?? ''
    return { file, bytes, tables: content.tables.length, rows, files: files.count, migration }
  } catch (err) {
    await archive.abandon()
    throw err
  }
}

/** Also the keys that are given by settings: a new machine needs them as well. */
async function saveKeys({ config }: Infrastructure, archive: ArchiveWriter): Promise<string[]> {
  const keys = new Map<string, string | undefined>()
  for (const name of Object.keys(KEYS) as KeyName[]) keys.set(name, await loadKey(config, name))
  keys.set(PASSWORD_FILE, await readSecret(config.dataDir, PASSWORD_FILE))
  const saved: string[] = []
  for (const [name, secret] of keys) {
    if (secret === undefined) continue
    const bytes = Buffer.from(secret)
    await archive.add(`keys/${name}`, bytes.length, [bytes])
    saved.push(name)
  }
  return saved
}

type DatabaseContent = Pick<Manifest, 'migrations' | 'tables' | 'sequences' | 'ids_until_ms'>

/** A connection of its own, without the pool's time limits, which are meant for requests. */
async function saveDatabase(databaseUrl: string, archive: ArchiveWriter): Promise<DatabaseContent> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: `broadsheet cli ${process.pid}`, keepAlive: true })
  client.on('error', () => {}) // the running statement fails as well
  await client.connect()
  try {
    await beginSnapshot(client)
    const migrations = await readMigrationRows(client)
    const tables = await saveRows(client, archive)
    return { migrations, tables, sequences: await readSequences(client), ids_until_ms: await readIdsUntil(client) }
  } finally {
    await client.end()
  }
}

async function saveFiles(store: Files, archive: ArchiveWriter): Promise<Manifest['files']> {
  const saved = { count: 0, bytes: 0 }
  try {
    for await (const { key, size } of store.list()) {
      const body = await store.read(key)
      if (!body) continue // removed in the meantime
      await archive.add(`files/${key}`, size, body)
      saved.count++
      saved.bytes += size
    }
    return saved
  } finally {
    store.close()
  }
}
