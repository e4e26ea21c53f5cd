import type { ReaderId } from '../../base/id.ts'
import type { Db, Tx } from '../../engines/database/database.ts'
import { writeUnique } from '../../engines/database/write-unique.ts'

export interface ProfileSettingsRow {
  name: string
  photo: string | null
  mobile: string | null
  gender: number | null
  birthday: string | null
  intro: string
  email: string | null
}

export async function findProfileSettings(db: Db, id: ReaderId): Promise<ProfileSettingsRow | undefined> {
  const columns = ['name', 'photo', 'mobile', 'gender', 'birthday', 'intro', 'email'] as const
  return db.selectFrom('reader').select(columns).where('id', '=', id).executeTakeFirst()
}

/** Fields that are left out stay as they are. */
export interface ProfileChange {
  name?: string
  gender?: number
  /** Null removes it. */
  birthday?: string | null
  intro?: string
  /** A path below PUBLIC_URL. */
  photo?: string
  /** Null removes it. */
  email?: string | null
}

/** 'taken' if another reader has the name, the only unique column among these. The transaction is then over. */
export async function updateProfile(tx: Tx, id: ReaderId, change: ProfileChange): Promise<'changed' | 'taken'> {
  return writeUnique(async () => {
    await tx.updateTable('reader').set(change).where('id', '=', id).execute()
    return 'changed'
  })
}
