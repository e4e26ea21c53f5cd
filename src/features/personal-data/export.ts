// Everything that is stored about a reader, as one JSON document. It is written in batches, so that its size is no matter. A row
// that changes while the copy is written may be missing from it.

import type { RawBuilder } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import {
  belongsToArticleOf,
  describeRow,
  listLocations,
  listPersonalColumns,
  namesReader,
  readProfile,
  readRows,
} from './personal-data.sql.ts'
import { ARTICLE_PARTS, ruleOf } from './personal-tables.ts'

const BATCH = 100 // rows; each may have the text of an article

export interface ExportNeeds {
  db: Db
  /** The name and number of the identity card, which are encrypted. Each reading is recorded. */
  readIdentity: (id: ReaderId) => Promise<object | undefined>
}

export type ExportReader = ReturnType<typeof createExport>

export function createExport({ db, readIdentity }: ExportNeeds) {
  /** Throws `not-found` before the first piece. */
  return async (id: ReaderId): Promise<AsyncGenerator<string>> => {
    const profile = await readProfile(db, id)
    if (!profile) throw notFound('There is no such reader.')
    return writePieces(id, profile)
  }

  async function* writePieces(id: ReaderId, profile: object): AsyncGenerator<string> {
    const text = JSON.stringify({ ...profile, id: id.toString() })
    yield `{"exported_at":"${new Date().toISOString()}",\n"profile":${text},\n"identity_texts":${JSON.stringify((await readIdentity(id)) ?? null)}`
    for (const personal of await listPersonalColumns(db)) {
      if (!ruleOf(`${personal.table}.${personal.column}`).isExported) continue
      const value = personal.isViewerKey ? (viewerKeyOf({ kind: 'reader', id }) as string) : id
      yield* writeTable(personal.table, namesReader(personal, value))
    }
    for (const table of ARTICLE_PARTS) yield* writeTable(table, belongsToArticleOf(id))
    yield '}\n'
  }

  async function* writeTable(table: string, isOwn: RawBuilder<boolean>): AsyncGenerator<string> {
    yield `,\n${JSON.stringify(table)}:[`
    const row = await describeRow(db, table)
    const locations = await listLocations(db, table, isOwn)
    let separator = '\n'
    for (let start = 0; start < locations.length; start += BATCH)
      for (const json of await readRows(db, table, { row, isOwn, locations: locations.slice(start, start + BATCH) })) {
        yield separator + json
        separator = ',\n'
      }
    yield ']'
  }
}
