import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'

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

const UNIQUE_VIOLATION = '23505' // SQLSTATE; the name is the only unique column among these

/** 'taken' if another reader has the name. */
export async function updateProfile(db: Db, id: ReaderId, change: ProfileChange): Promise<'changed' | 'taken'> {
  try {
    await db.updateTable('reader').set(change).where('id', '=', id).execute()
    return 'changed'
  } catch (err) {
    if ((err as { code?: string }).code === UNIQUE_VIOLATION) return 'taken'
    throw err
  }
}
