// Public profiles of readers, with counts.

import type { ReaderId } from '../../base/id.ts'
import { invalid, unauthenticated } from '../../base/problem.ts'
import type { Viewer } from '../../base/viewer.ts'
import type { Cache, Caches } from '../../engines/cache/caches.ts'
import { findOldestId } from '../../engines/cache/oldest-id.sql.ts'
import type { Counters } from '../../engines/counters/counters.ts'
import type { Db } from '../../engines/database/database.ts'
import { findPublicProfiles, findRelationship, type PublicProfileRow, type Relationship } from './profiles.sql.ts'

export type Profiles = ReturnType<typeof createProfiles>

const KINDS = ['reader.articles', 'reader.followings', 'reader.followers', 'reader.likes_received'] as const
const FIGURES = ['reader.followers', 'reader.reads_received'] as const

/** Public profiles by reader id. */
export type ProfilesOf = Cache<ReaderId, PublicProfileRow>['getMany']

const NO_RELATIONSHIP: Relationship = { followed: false, blocked: false }

export interface Needs {
  db: Db
  createCache: Caches['createCache']
  counters: Counters
  absoluteUrl: (path: string) => string
}

export function createProfiles({ db, createCache, counters, absoluteUrl }: Needs) {
  const load = async (ids: ReaderId[]) => new Map((await findPublicProfiles(db, ids)).map(row => [row.id, row]))
  const cache = createCache<ReaderId, PublicProfileRow>({
    name: 'person',
    schemaVersion: 2,
    invalidationKey: ({ topic, key }) => (topic === 'reader' ? (key as ReaderId) : undefined),
    oldestId: () => findOldestId(db, 'reader'),
    load,
  })

  async function toPublicProfile(viewer: Viewer, id: ReaderId, row: PublicProfileRow) {
    const count = await counters.read(KINDS, [id], viewer)
    return {
      id,
      name: row.name,
      photo: absoluteUrl(photoPath(id, row.photo)),
      is_media: row.is_media,
      intro: row.intro,
      certi: row.certificate,
      // Readers do not see the articles of a frozen author.
      art_count: row.frozen ? 0 : count(id, 'reader.articles'),
      follow_count: count(id, 'reader.followings'),
      fans_count: count(id, 'reader.followers'),
      like_count: count(id, 'reader.likes_received'),
    }
  }

  return {
    of: cache.getMany,

    /** The signed-in reader's own profile. */
    async getOwn(id: ReaderId) {
      // Read from the row, so that a reader who has just changed their name sees it at once in every process.
      const row = (await load([id])).get(id)
      // The state of a session is cached for two seconds, so a deleted reader may still be signed in.
      if (!row) throw unauthenticated('User must be authorized.')
      return toPublicProfile({ kind: 'reader', id }, id, row)
    },

    /** Another reader's profile, with the viewer's relationship to them. */
    async getPublic(viewer: Viewer, id: ReaderId) {
      const row = await cache.get(id)
      if (!row) throw invalid('Invalid target user.')
      const [profile, relationship] = await Promise.all([
        toPublicProfile(viewer, id, row),
        viewer.kind === 'reader' ? findRelationship(db, viewer.id, id) : NO_RELATIONSHIP,
      ])
      return { ...profile, is_following: relationship.followed, is_blacklist: relationship.blocked }
    },

    /** The figures of a creator's page: followers and reads. */
    async getFigures(id: ReaderId) {
      const count = await counters.read(FIGURES, [id], { kind: 'reader', id })
      return { fans_count: count(id, 'reader.followers'), read_count: count(id, 'reader.reads_received') }
    },
  }
}

/** The path or URL of a reader's photo; readers without one get a drawn avatar. */
export function photoPath(id: ReaderId, photo: string | null): string {
  return photo || `drawn/avatar-${id}.svg`
}
