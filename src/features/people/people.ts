// Readers as others and they themselves see them.

import type { ReaderId } from '../../base/id.ts'
import { invalid, unauthenticated } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PersonRow, personFor } from './people.sql.ts'

export type People = ReturnType<typeof createPeople>

const KINDS = ['reader.articles', 'reader.followings', 'reader.followers', 'reader.likes_received'] as const
const FIGURES = ['reader.followers', 'reader.reads_received'] as const

export function createPeople({ db, counters, address }: { db: Db; counters: Counters; address: (path: string) => string }) {
  async function seen(id: ReaderId, row: PersonRow) {
    const count = await counters.read(KINDS, [id])
    return {
      id,
      name: row.name,
      photo: address(photoPath(id, row.photo)),
      is_media: row.is_media,
      intro: row.intro,
      certi: row.certificate,
      art_count: count(id, 'reader.articles'),
      follow_count: count(id, 'reader.followings'),
      fans_count: count(id, 'reader.followers'),
      like_count: count(id, 'reader.likes_received'),
    }
  }

  return {
    /** The signed-in reader's own card. */
    async self(id: ReaderId) {
      const row = await personFor(db, id, null)
      // Their session outlives them by the two seconds it may be remembered.
      if (!row) throw unauthenticated('User must be authorized.')
      return seen(id, row)
    },

    /** Another reader's, with what the one who asks thinks of them. */
    async other(viewer: Viewer, id: ReaderId) {
      const row = await personFor(db, id, viewer.kind === 'reader' ? viewer.id : null)
      if (!row) throw invalid('Invalid target user.')
      return { ...(await seen(id, row)), is_following: row.followed, is_blacklist: row.blocked }
    },

    /** How far a creator reaches. */
    async figure(id: ReaderId) {
      const count = await counters.read(FIGURES, [id])
      return { fans_count: count(id, 'reader.followers'), read_count: count(id, 'reader.reads_received') }
    },
  }
}

/** Where a reader's picture is; one is drawn for those who have none. */
export function photoPath(id: ReaderId, photo: string | null): string {
  return photo || `drawn/avatar-${id}.svg`
}
