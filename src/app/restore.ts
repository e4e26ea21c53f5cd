// `restore FILE`: a backup becomes a new installation. The archive is read twice: the first time nothing is written, so one
// that was cut or changed leaves nothing behind. All rows are one transaction, which is committed last.

import { type FileHandle, open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { setTimeout } from 'node:timers/promises'
import pg from 'pg'
import type { Log } from '../base/log.ts'
import { conflict, invalid } from '../base/problem.ts'
import type { Config } from '../config.ts'
import { createRowsTarget } from '../engines/backup/copy-rows.ts'
import type { Manifest } from '../engines/backup/manifest.ts'
import { type Member, readArchive } from '../engines/backup/read-archive.ts'
import {
  beginRestore,
  countOtherProcesses,
  deleteReplacedRows,
  listFilledTables,
  makeCounts,
  raiseIds,
  setSequences,
  setTriggers,
} from '../engines/backup/tables.sql.ts'
import { migrate, readMigrations } from '../engines/database/migrate.ts'
import type { Files } from '../engines/files/files.ts'
import { openFiles } from '../engines/files/open-files.ts'
import { PASSWORD_FILE } from './first-admin.ts'
import { type OpenedDatabase, openInstalledDatabase } from './open-database.ts'
import { KEYS, type KeyName, readSecret, writeSecret } from './secrets.ts'

/** As long as a copy of a large file over a slow line may take. */
const FILE_TIMEOUT_MS = 10 * 60_000

/** A generated key has 43 bytes, and one from a setting may be longer. */
const KEY_BYTES_MAX = 64 * 1024

/** A server reserves 20 s (engines/database/id-generator.ts). */
const RESERVED_MS = 30_000

export interface RestoreReport {
  made_at: string
  version: string
  tables: number
  rows: number
  files: number
}

interface RestoreNeeds {
  config: Config
  log: Log
  signal: AbortSignal
}

export async function restore(path: string, { config, log, signal }: RestoreNeeds): Promise<RestoreReport> {
  const file = await open(path)
  const opened = new AsyncDisposableStack()
  opened.defer(() => file.close())
  try {
    const { manifest, keys } = await verify(path, file, signal)
    await checkKeys(config, keys)
    const migrations = await migrationsOf(manifest)
    const found = await openInstalledDatabase(opened, { config, purpose: 'restore', log })
    const client = opened.adopt(await connect(found), each => each.end())
    const tables = manifest.tables.map(({ name }) => name)
    await checkUnused(client, found.name, tables)
    await migrate(found.database.pool, migrations)
    await checkUnused(client, found.name, tables) // a server may have started meanwhile
    const store = opened.adopt(await openFiles(config.files, Date.now), each => each.close())
    await restoreAll(file, { manifest, client, store, signal, saveKeys: () => saveKeys(config, keys) })
    await client.query('analyze').catch(err => log.warn({ err }, 'analyze failed: the first queries may be slow'))
    await waitForIds(manifest.ids_until_ms, signal)
    const rows = manifest.tables.reduce((sum, table) => sum + table.rows, 0)
    const { created_at: made_at, version, files } = manifest
    return { made_at, version, tables: tables.length, rows, files: files.count }
  } finally {
    await opened.disposeAsync()
  }
}

/** Reads the whole archive. */
async function verify(path: string, file: FileHandle, signal: AbortSignal): Promise<{ manifest: Manifest; keys: Map<string, string> }> {
  const keys = new Map<string, string>()
  const keepKey = async ({ name, size, body }: Member) => {
    if (!name.startsWith('keys/')) return
    if (size > KEY_BYTES_MAX) throw invalid(`its ${name} is too large`)
    keys.set(name.slice('keys/'.length), await text(Readable.from(body)))
  }
  try {
    return { manifest: await readArchive(file, keepKey, signal), keys }
  } catch (err) {
    signal.throwIfAborted()
    throw invalid(`${path} is no whole backup, and nothing was restored: ${(err as Error).message}`)
  }
}

/** A key that is already there, in a file or a setting, must be the archive's: with another one nothing could be read. */
async function checkKeys(config: Config, keys: Map<string, string>): Promise<void> {
  for (const [name, secret] of keys) {
    const known = Object.hasOwn(KEYS, name) ? KEYS[name as KeyName] : undefined
    if (!known && name !== PASSWORD_FILE) throw invalid(`this version knows no key ${name}`)
    const given = known && config[known.setting]
    if (given !== undefined && given !== secret) throw conflict(`${known?.variable} is another key than the backup's: leave it out`)
    const stored = await readSecret(config.dataDir, name)
    if (given === undefined && stored !== undefined && stored !== secret)
      throw conflict(`${config.dataDir} holds another ${name} than the backup: restore into a new DATA_DIR`)
  }
}

async function saveKeys(config: Config, keys: Map<string, string>): Promise<void> {
  for (const [name, secret] of keys) {
    const isGiven = Object.hasOwn(KEYS, name) && config[KEYS[name as KeyName].setting] !== undefined
    if (!isGiven) await writeSecret(config.dataDir, name, secret)
  }
}

/** The database is brought to where the archive's was; the next start brings it on. */
async function migrationsOf({ migrations, version }: Manifest) {
  const known = await readMigrations()
  return migrations.map(({ name, checksum }) => {
    const migration = known.find(each => each.name === name && each.checksum === checksum)
    if (!migration) throw invalid(`the backup is of version ${version}, whose database this version does not know: it has ${name}`)
    return migration
  })
}

/** Processes reserve the numbers of some seconds ahead. Before those have passed a server on the restored rows could make no id. */
async function waitForIds(untilMs: number, signal: AbortSignal): Promise<void> {
  const ms = untilMs - Date.now()
  // More is a clock that is wrong, here or where the backup was made; the server says so.
  if (ms > 0 && ms <= RESERVED_MS) await setTimeout(ms, undefined, { signal })
}

/** A connection of its own, without the pool's time limits, which are meant for requests. */
async function connect({ url, name }: OpenedDatabase): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: name, keepAlive: true })
  client.on('error', () => {}) // the running statement fails as well
  await client.connect()
  return client
}

async function checkUnused(client: pg.Client, own: string, tables: string[]): Promise<void> {
  if ((await countOtherProcesses(client, own)) > 0) throw conflict('a server or a command uses this database: stop it first')
  const filled = await listFilledTables(client, tables)
  if (filled.length > 0) throw conflict(`the database is not empty (${filled.join(', ')}): restore into a new DATA_DIR or database`)
}

interface Restoring {
  manifest: Manifest
  client: pg.Client
  store: Files
  signal: AbortSignal
  saveKeys(): Promise<void>
}

async function restoreAll(file: FileHandle, { manifest, client, store, signal, saveKeys }: Restoring): Promise<void> {
  const tables = manifest.tables.map(({ name }) => name)
  await beginRestore(client)
  await setTriggers(client, tables, false)
  await deleteReplacedRows(client, tables)
  const rows = createRowsTarget(client, manifest.tables)
  const place = async (member: Member) => {
    if (member.name.startsWith('rows/')) await rows.write(member)
    else if (member.name.startsWith('files/'))
      await store.put(member.name.slice('files/'.length), Readable.from(member.body), { timeoutMs: FILE_TIMEOUT_MS })
  }
  await readArchive(file, place, signal)
  await rows.end()
  await setTriggers(client, tables, true)
  await setSequences(client, manifest.sequences)
  await raiseIds(client, manifest.ids_until_ms)
  await makeCounts(client)
  await saveKeys()
  await client.query('commit')
}
