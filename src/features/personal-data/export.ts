// Everything that is stored about a reader, as one JSON document. It is written row by row, so that its size is no matter.

import type { RawBuilder } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import { notFound } from '../../base/problem.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import type { Db } from '../../engines/database/database.ts'
import { belongsToArticleOf, listPersonalColumns, namesReader, readProfile, readRows } from './personal-data.sql.ts'
import { ARTICLE_PARTS, ruleOf } from './personal-tables.ts'

const BATCH = 100 // rows; each may have the text of an article
const FIRST = '(0,0)' // before every row

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
    let separator = '\n'
    for (let after = FIRST; ; ) {
      const rows = await readRows(db, table, isOwn, after, BATCH)
      for (const { json } of rows) {
        yield separator + json
        separator = ',\n'
      }
      after = rows.at(-1)?.location ?? after
      if (rows.length < BATCH) break
    }
    yield ']'
  }
}
