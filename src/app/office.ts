// What administrators do with content and readers: review articles, manage channels, freeze and verify readers.

import { createLocalTimeFormat } from '../base/clock.ts'
import { foldedText } from '../engines/words/fold.ts'
import { officeUserRoutes } from '../features/accounts/office-users.routes.ts'
import { createOfficeUsers } from '../features/accounts/office-users.ts'
import type { OperationLog } from '../features/admins/operation-log.ts'
import { announcementAdminRoutes } from '../features/announcements/announcement-admin.routes.ts'
import { createAnnouncements } from '../features/announcements/announcements.ts'
import { officeChannelRoutes } from '../features/channels/office-channels.routes.ts'
import { createOfficeChannels } from '../features/channels/office-channels.ts'
import { removeMessage } from '../features/chat/deletions.sql.ts'
import { heldCommentRoutes } from '../features/comments/held-comments.routes.ts'
import { refuseComment } from '../features/comments/held-comments.sql.ts'
import { createHeldComments } from '../features/comments/held-comments.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { legalizeRoutes } from '../features/identity/legalizes.routes.ts'
import { createLegalizes } from '../features/identity/legalizes.ts'
import type { Moderation } from '../features/moderation/moderation.ts'
import { reportRoutes } from '../features/moderation/reports.routes.ts'
import { createReports } from '../features/moderation/reports.ts'
import { wordRoutes, wordToolRoutes } from '../features/moderation/words.routes.ts'
import { createWords } from '../features/moderation/words.ts'
import { pinnedRoutes } from '../features/pinned/pinned.routes.ts'
import { deletePinsOf } from '../features/pinned/pinned.sql.ts'
import { createPinning } from '../features/pinned/pinning.ts'
import { siteStatisticsRoutes } from '../features/statistics/site-statistics.routes.ts'
import { createSiteStatistics } from '../features/statistics/site-statistics.ts'
import { appealRoutes, ownAppealRoutes } from '../features/writing/appeals.routes.ts'
import { createAppeals } from '../features/writing/appeals.ts'
import { officeArticleRoutes } from '../features/writing/office-articles.routes.ts'
import { createOfficeArticles } from '../features/writing/office-articles.ts'
import { decide } from '../features/writing/review.sql.ts'
import { REVIEW_TRANSITIONS } from '../features/writing/transitions.ts'
import type { Counting } from './counting.ts'
import type { FilesParts } from './files.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface OfficeNeeds {
  operationLog: OperationLog
  counting: Counting
  files: FilesParts
  moderation: Moderation
  absoluteUrl: (path: string) => string
}

export function createOfficeModules(
  { config, database: { db }, newId }: Infrastructure,
  { operationLog, counting: { counters }, files: { files, identity }, moderation, absoluteUrl }: OfficeNeeds,
): FeatureModule[] {
  const localTime = createLocalTimeFormat(config.timezone)
  const articles = createOfficeArticles({ db, operationLog, findInArticle: moderation.findInArticle })
  const channels = createOfficeChannels({ db, operationLog, deletePins: deletePinsOf })
  const users = createOfficeUsers({ db, newId, operationLog, storePicture: files.storePicture, checkProfile: moderation.checkProfile })
  const legalizes = createLegalizes({ db, operationLog, readTexts: identity.readTexts })
  const words = createWords({ db, clock: Date.now, operationLog })
  const reports = createReports({
    db,
    operationLog,
    async removeArticle(tx, { name: reviewer }, id, reason) {
      const by = { id, reviewer, reason }
      // One that its author has edited since waits for a review, where it would be approved without a hint.
      return (
        (await decide(tx, { ...by, action: 'ban', ...REVIEW_TRANSITIONS.ban })) ||
        (await decide(tx, { ...by, action: 'reject', ...REVIEW_TRANSITIONS.reject }))
      )
    },
    refuseComment: async (tx, id) => (await refuseComment(tx, id)) !== undefined,
    removeMessage,
  })
  const appeals = createAppeals({ db, operationLog })
  const announcements = createAnnouncements({ db, newId, localTime, operationLog })
  return [
    { routes: { 'own admin': announcementAdminRoutes(announcements) } },
    { routes: { 'own admin': pinnedRoutes(createPinning({ db, operationLog })) } },
    { routes: { admin: wordRoutes({ words, localTime }), 'own admin': wordToolRoutes({ words, moderation, foldedText }) } },
    { routes: { 'own admin': heldCommentRoutes(createHeldComments({ db, operationLog })) } },
    { routes: { 'own admin': reportRoutes(reports) } },
    { routes: { own: ownAppealRoutes(appeals), 'own admin': appealRoutes(appeals) } },
    { routes: { admin: officeArticleRoutes({ articles, counters, localTime, absoluteUrl }) } },
    { routes: { admin: officeChannelRoutes(channels) } },
    { routes: { admin: officeUserRoutes({ users, localTime }) } },
    { routes: { admin: siteStatisticsRoutes(createSiteStatistics({ db, clock: Date.now, zone: config.timezone, localTime })) } },
    { routes: { admin: legalizeRoutes({ legalizes, localTime, absoluteUrl }) } },
  ]
}
