// What creators do: write articles and manage what comes back.

import { createPictureAddresses } from '../base/picture-addresses.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import type { Comments } from '../features/comments/comments.ts'
import { createCommentModeration } from '../features/comments/moderation.ts'
import { studioCommentRoutes } from '../features/comments/studio-comments.routes.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import type { Moderation } from '../features/moderation/moderation.ts'
import type { ProfileSettings } from '../features/profiles/profile-settings.ts'
import { studioFollowerRoutes } from '../features/profiles/relations.routes.ts'
import type { Relations } from '../features/profiles/relations.ts'
import { studioProfileRoutes } from '../features/profiles/studio-profile.routes.ts'
import { statisticsRoutes } from '../features/statistics/statistics.routes.ts'
import { createStatistics } from '../features/statistics/statistics.ts'
import { createCleanHtml } from '../features/writing/clean-html.ts'
import { createFingerprintOf, createWordsOf } from '../features/writing/fingerprint.ts'
import { createOwnArticles } from '../features/writing/own-articles.ts'
import { revisionRoutes } from '../features/writing/revisions.routes.ts'
import { AUTOSAVE_LIMIT, createRevisions } from '../features/writing/revisions.ts'
import { writingRoutes } from '../features/writing/writing.routes.ts'
import { createWriting, SAVE_LIMIT } from '../features/writing/writing.ts'
import type { Counting } from './counting.ts'
import type { Infrastructure } from './infrastructure.ts'
import type { SearchParts } from './search.ts'

export interface WritingNeeds {
  counting: Counting
  search: SearchParts
  absoluteUrl: (path: string) => string
  localTime: (at: Date) => string
  comments: Comments
  relations: Relations
  profileSettings: ProfileSettings
  moderation: Moderation
}

export function createWritingModules(
  { database: { db }, redis, newId, log }: Infrastructure,
  {
    counting: { counters },
    search: { segmenter },
    absoluteUrl,
    localTime,
    comments,
    relations,
    profileSettings,
    moderation: words,
  }: WritingNeeds,
): FeatureModule[] {
  const writing = createWriting({
    db,
    newId,
    clock: Date.now,
    cleanHtml: createCleanHtml(),
    pictures: createPictureAddresses(absoluteUrl),
    fingerprintOf: createFingerprintOf(createWordsOf(segmenter)),
    checkArticle: words.checkArticle,
    saveLimiter: createRateLimiter(SAVE_LIMIT, redis),
    log,
  })
  const ownArticles = createOwnArticles({ db, counters, absoluteUrl, localTime })
  const revisions = createRevisions({ db, exists: writing.exists, autosaveLimiter: createRateLimiter(AUTOSAVE_LIMIT, redis) })
  const statistics = createStatistics({ db })
  const moderation = createCommentModeration({ db })
  const routesFor = (access: 'studio' | 'login') => [
    writingRoutes({ writing, ownArticles, absoluteUrl, localTime, access }),
    studioCommentRoutes({ comments, moderation, localTime, access }),
    studioFollowerRoutes(relations, access),
    studioProfileRoutes(profileSettings, access),
    statisticsRoutes({ statistics, parsePeriod: ownArticles.parsePeriod, access }),
  ]
  return [
    ...routesFor('studio').map(routes => ({ routes: { studio: routes } })),
    ...routesFor('login').map(routes => ({ routes: { creator: routes } })),
    { routes: { own: revisionRoutes({ revisions, absoluteUrl }) } },
  ]
}
