import { sql } from 'kysely'
import type { AdministratorId, FileId, ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { IdentityPicture } from './identity.schema.ts'

/** Encrypted texts and the ids of private files. Fields that are left out stay as they are. */
export interface IdentityChange extends Partial<Record<IdentityPicture, FileId>> {
  real_name?: Buffer
  id_number?: Buffer
}

export async function upsertIdentity(db: Db, reader: ReaderId, change: IdentityChange): Promise<void> {
  await db
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

/** `picture`: what was shown; `texts` for name and number. */
export async function insertIdentityView(
  db: Db,
  reader: ReaderId,
  picture: IdentityPicture | 'texts',
  by: AdministratorId | undefined,
): Promise<void> {
  await db
    .insertInto('identity_view')
    .values({ reader_id: reader, picture, administrator_id: by ?? null })
    .execute()
}
