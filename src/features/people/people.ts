// Readers as others and they themselves see them.

import type { ReaderId } from '../../base/id.ts'
import { unauthenticated } from '../../base/problem.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'

export type People = ReturnType<typeof createPeople>

const OWN_KINDS = ['reader.articles', 'reader.followings', 'reader.followers', 'reader.likes_received'] as const

export function createPeople({ db, counters, address }: { db: Db; counters: Counters; address: (path: string) => string }) {
  return {
    /** The signed-in reader's own card. */
    async self(id: ReaderId) {
      const [reader, count] = await Promise.all([
        db.selectFrom('reader').select(['name', 'photo', 'is_media', 'intro', 'certificate']).where('id', '=', id).executeTakeFirst(),
        counters.read(OWN_KINDS, [id]),
      ])
      // Their session outlives them by the two seconds it may be remembered.
      if (!reader) throw unauthenticated('User must be authorized.')
      return {
        id,
        name: reader.name,
        photo: address(photoPath(id, reader.photo)),
        is_media: reader.is_media,
        intro: reader.intro,
        certi: reader.certificate,
        art_count: count(id, 'reader.articles'),
        follow_count: count(id, 'reader.followings'),
        fans_count: count(id, 'reader.followers'),
        like_count: count(id, 'reader.likes_received'),
      }
    },
  }
}

/** Where a reader's picture is; one is drawn for those who have none. */
export function photoPath(id: ReaderId, photo: string | null): string {
  return photo || `drawn/avatar-${id}.svg`
}
