// Readers as others and they themselves see them.

import type { ReaderId } from '../../base/id.ts'
import { invalid, unauthenticated } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Caches, Remembered } from '../../engines/cache/caches.ts'
import { oldestId } from '../../engines/cache/oldest.sql.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import { type PersonRow, personRows, tiesTo } from './people.sql.ts'

export type People = ReturnType<typeof createPeople>

const KINDS = ['reader.articles', 'reader.followings', 'reader.followers', 'reader.likes_received'] as const
const FIGURES = ['reader.followers', 'reader.reads_received'] as const

/** Readers as everybody sees them. */
export type PeopleOf = Remembered<ReaderId, PersonRow>['of']

const NO_TIES = { followed: false, blocked: false }

export interface Needs {
  db: Db
  remember: Caches['remember']
  counters: Counters
  address: (path: string) => string
}

export function createPeople({ db, remember, counters, address }: Needs) {
  const load = async (ids: ReaderId[]) => new Map((await personRows(db, ids)).map(row => [row.id, row]))
  const people = remember<ReaderId, PersonRow>({
    name: 'person',
    shape: 1,
    keyOf: ({ topic, key }) => (topic === 'reader' ? (key as ReaderId) : undefined),
    oldest: () => oldestId(db, 'reader'),
    load,
  })

  async function seen(viewer: Viewer, id: ReaderId, row: PersonRow) {
    const count = await counters.read(KINDS, [id], viewer)
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
    of: people.of,

    /** The signed-in reader's own card. */
    async self(id: ReaderId) {
      // From the rows: who has just changed their name sees it at once, whichever process they ask.
      const row = (await load([id])).get(id)
      // Their session outlives them by the two seconds it may be remembered.
      if (!row) throw unauthenticated('User must be authorized.')
      return seen({ kind: 'reader', id }, id, row)
    },

    /** Another reader's, with what the one who asks thinks of them. */
    async other(viewer: Viewer, id: ReaderId) {
      const row = await people.get(id)
      if (!row) throw invalid('Invalid target user.')
      const [person, ties] = await Promise.all([seen(viewer, id, row), viewer.kind === 'reader' ? tiesTo(db, viewer.id, id) : NO_TIES])
      return { ...person, is_following: ties.followed, is_blacklist: ties.blocked }
    },

    /** How far a creator reaches. */
    async figure(id: ReaderId) {
      const count = await counters.read(FIGURES, [id], { kind: 'reader', id })
      return { fans_count: count(id, 'reader.followers'), read_count: count(id, 'reader.reads_received') }
    },
  }
}

/** Where a reader's picture is; one is drawn for those who have none. */
export function photoPath(id: ReaderId, photo: string | null): string {
  return photo || `drawn/avatar-${id}.svg`
}
