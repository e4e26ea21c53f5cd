import { sql } from 'kysely'
import type { FileId, ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Operator } from '../../http/access.ts'
import type { IdentityPicture } from './identity.schema.ts'

/** Encrypted texts and the ids of private files. Fields that are left out stay as they are. */
export interface IdentityChange extends Partial<Record<IdentityPicture, FileId>> {
  real_name?: Buffer
  id_number?: Buffer
}

export async function upsertIdentity(tx: Tx, reader: ReaderId, change: IdentityChange): Promise<void> {
  await tx
    .insertInto('identity')
    .values({ reader_id: reader, ...change })
    .onConflict(conflict => conflict.column('reader_id').doUpdateSet({ ...change, updated_at: sql`now()` }))
    .execute()
}

export async function findIdentityPicture(db: Db, reader: ReaderId, picture: IdentityPicture): Promise<FileId | undefined> {
  const row = await db.selectFrom('identity').select(picture).where('reader_id', '=', reader).executeTakeFirst()
  return row?.[picture] ?? undefined
}

export async function findIdentityTexts(
  db: Db,
  reader: ReaderId,
): Promise<{ real_name: Buffer | null; id_number: Buffer | null } | undefined> {
  return db.selectFrom('identity').select(['real_name', 'id_number']).where('reader_id', '=', reader).executeTakeFirst()
}

/** The reader, or who looked at what is theirs. */
export type IdentityViewer = 'reader' | Pick<Operator, 'id' | 'name'>

/** `picture`: what was shown; `texts` for name and number. */
export async function insertIdentityView(db: Db, reader: ReaderId, picture: IdentityPicture | 'texts', by: IdentityViewer): Promise<void> {
  await db
    .insertInto('identity_view')
    .values({ reader_id: reader, picture, ...describeViewer(by) })
    .execute()
}

function describeViewer(by: IdentityViewer) {
  if (by === 'reader') return { viewer_kind: 'reader' }
  if (by.id === null) return { viewer_kind: 'command line' }
  return { viewer_kind: 'administrator', administrator_id: by.id, administrator_name: by.name }
}
