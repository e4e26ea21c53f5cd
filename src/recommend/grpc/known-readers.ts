// Over gRPC ids come from outside: one that belongs to no reader is anonymous. Over HTTP the token says who asks.

import { LRUCache } from 'lru-cache'
import { entriesMax } from '../../base/entries-max.ts'
import type { ReaderId } from '../../base/id.ts'
import { ANONYMOUS, type Viewer } from '../../base/viewer.ts'
import type { Db } from '../../engines/database/database.ts'
import type { Recommender } from '../contract.ts'
import { isReader } from '../viewer-context.sql.ts'

const READERS_MAX = 100_000 // some 10 MB; pages of a reader deleted since do no harm

export function forKnownReaders(recommender: Recommender, db: Db): Recommender {
  const known = new LRUCache<ReaderId, true>(entriesMax(READERS_MAX))

  async function identify(viewer: Viewer): Promise<Viewer> {
    if (viewer.kind !== 'reader' || known.has(viewer.id)) return viewer
    if (!(await isReader(db, viewer.id))) return ANONYMOUS
    known.set(viewer.id, true)
    return viewer
  }

  return { recommend: async request => recommender.recommend({ ...request, viewer: await identify(request.viewer) }) }
}
