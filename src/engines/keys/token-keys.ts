// The keys of tokens in this process. The newest signs; retired ones verify until their last token has expired. `cli keys
// rotate` writes a row, and the change log tells every process.

import { hkdfSync, randomBytes } from 'node:crypto'
import type { Change } from '../../base/change.ts'
import type { TokenKeys } from '../../base/token-pair.ts'
import type { Db } from '../database/database.ts'
import { createFirstTokenKey, listTokenKeys, rotateTokenKeys, type TokenKeyRow } from './token-keys.sql.ts'

export interface StoredTokenKeys extends TokenKeys {
  rotate(options: { endOld: boolean }): Promise<string>
  list(): Promise<{ kid: string; created_at: Date; retired_at: Date | null }[]>
  applyChanges(changes: readonly Change[]): void
  clear(): void
}

const SALT_BYTES = 32
// A token may name a key that another process has just made. Invented names cost one query in this time.
const RELOAD_MS = 1_000

export async function openTokenKeys({ db, secret, now = () => performance.now() }: { db: Db; secret: string; now?: () => number }) {
  const listeners: (() => void)[] = []
  let rows: TokenKeyRow[] = []
  let loadedAt = 0
  let loading: Promise<void> | undefined
  let again: Promise<void> | undefined

  const load = () =>
    (loading ??= listTokenKeys(db)
      .then(found => {
        const known = rows
        rows = found
        loadedAt = now()
        if (known.some(({ id }) => !found.some(each => each.id === id))) listeners.forEach(listener => listener())
      })
      .finally(() => {
        loading = undefined
      }))
  /** For a change: a load that is under way may have read the rows before it. Invented key names can start one at any moment. */
  const loadAnew = (): Promise<void> => {
    if (!loading) return load()
    again ??= loading
      .catch(() => {})
      .then(() => {
        again = undefined
        return load()
      })
    return again
  }
  // If the database is away, the keys in memory remain; the next unknown key loads them.
  const reload = () => void loadAnew().catch(() => {})

  const toKey = ({ id, salt }: TokenKeyRow) => ({
    kid: id.toString(),
    derive: (purpose: string) => Buffer.from(hkdfSync('sha256', secret, salt, `broadsheet ${purpose}`, 32)),
  })
  const findRow = (kid: string) => rows.find(({ id }) => id.toString() === kid)

  await load()
  if (rows.length === 0) {
    await createFirstTokenKey(db, randomBytes(SALT_BYTES))
    await load()
  }

  const keys: StoredTokenKeys = {
    current: () => toKey(rows[0] as TokenKeyRow),
    all: () => rows.map(toKey),
    async find(kid) {
      if (!findRow(kid) && now() - loadedAt > RELOAD_MS) await load().catch(() => {})
      const row = findRow(kid)
      return row && toKey(row)
    },
    onRemoved: listener => void listeners.push(listener),
    async rotate(options) {
      const id = await rotateTokenKeys(db, randomBytes(SALT_BYTES), options)
      await loadAnew()
      return id.toString()
    },
    list: async () => (await listTokenKeys(db)).map(({ id, created_at, retired_at }) => ({ kid: id.toString(), created_at, retired_at })),
    applyChanges: changes => void (changes.some(({ topic }) => topic === 'token_key') && reload()),
    clear: reload,
  }
  return keys
}
