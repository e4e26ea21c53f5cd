import { sql } from 'kysely'
import type { ReaderId } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import type { OffsetLimit } from '../../http/paging.ts'

/** What every viewer may see of a reader. */
export interface PublicProfileRow {
  id: ReaderId
  name: string
  photo: string | null
  is_media: boolean
  intro: string
  certificate: string
  frozen: boolean
}

export async function findPublicProfiles(db: Db, ids: ReaderId[]): Promise<PublicProfileRow[]> {
  return db
    .selectFrom('reader')
    .select(['id', 'name', 'photo', 'is_media', 'intro', 'certificate', 'frozen'])
    .where(sql<boolean>`id = any(${ids}::bigint[])`)
    .where('deleted_at', 'is', null)
    .execute()
}

/** Relationship flags: whether the viewer follows or blocks another reader. */
export interface Relationship {
  followed: boolean
  blocked: boolean
}

export async function findRelationship(db: Db, viewer: ReaderId, id: ReaderId): Promise<Relationship> {
  const { rows } = await sql<Relationship>`
    select exists (select from following where reader_id = ${viewer} and creator_id = ${id}) as followed,
           exists (select from blocking where reader_id = ${viewer} and blocked_id = ${id}) as blocked`.execute(db)
  return rows[0] as Relationship
}

export interface FollowRow {
  id: ReaderId
  name: string
  photo: string | null
  /** Whether both follow each other. */
  mutual: boolean
}

/** The readers that a reader follows, or that follow a reader; the newest first. */
export async function listFollows(
  db: Db,
  id: ReaderId,
  side: 'followings' | 'followers',
  { offset, limit }: OffsetLimit,
): Promise<FollowRow[]> {
  const [selfColumn, otherColumn] = side === 'followings' ? ['reader_id', 'creator_id'] : ['creator_id', 'reader_id']
  const [selfId, otherId] = [sql.ref(`following.${selfColumn}`), sql.ref(`following.${otherColumn}`)]
  const { rows } = await sql<FollowRow>`
    select reader.id, name, photo,
           exists (select from following back where back.reader_id = following.creator_id and back.creator_id = following.reader_id) as mutual
      from following join reader on reader.id = ${otherId}
     where ${selfId} = ${id} order by following.at desc, ${otherId} desc offset ${offset} limit ${limit}`.execute(db)
  return rows
}
