// The features that readers use. Each one is built from those above it.

import { createLocalTimeFormat } from '../base/clock.ts'
import type { ReaderId } from '../base/id.ts'
import type { Client } from '../base/network.ts'
import { isPlausibleId } from '../base/snowflake.ts'
import type { Caches } from '../engines/cache/caches.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { accountRoutes } from '../features/accounts/accounts.routes.ts'
import { mobileChangeRoutes, mobileRecoveryRoutes } from '../features/accounts/mobile-change.routes.ts'
import { createMobileChange } from '../features/accounts/mobile-change.ts'
import { publicKeyRoutes } from '../features/accounts/public-keys.routes.ts'
import { sessionRoutes } from '../features/accounts/sessions.routes.ts'
import type { Sessions } from '../features/accounts/sessions.ts'
import type { OperationLog } from '../features/admins/operation-log.ts'
import { announcementRoutes } from '../features/announcements/announcements.routes.ts'
import { createAnnouncements } from '../features/announcements/announcements.ts'
import { articleRoutes } from '../features/articles/articles.routes.ts'
import { createArticles } from '../features/articles/articles.ts'
import { artworkRoutes } from '../features/artwork/artwork.routes.ts'
import { createBehaviourLimits } from '../features/behaviours/behaviour-limits.ts'
import { createBehaviours } from '../features/behaviours/behaviours.ts'
import { eventRoutes } from '../features/behaviours/events.routes.ts'
import { createEvents } from '../features/behaviours/events.ts'
import { behaviourImportRoutes } from '../features/behaviours/import/import.routes.ts'
import { createBehaviourImport } from '../features/behaviours/import/import-behaviours.ts'
import { createOnceKey } from '../features/behaviours/once-a-day.ts'
import { readingDurationRoutes } from '../features/behaviours/reading-duration.routes.ts'
import { READING_HISTORY_MAX } from '../features/behaviours/reading-history.sql.ts'
import { createRefusals } from '../features/behaviours/refusals.ts'
import { createCardJson } from '../features/cards/card-json.ts'
import { cacheCardRows } from '../features/cards/card-rows.ts'
import { cardRoutes } from '../features/cards/cards.routes.ts'
import { createCards } from '../features/cards/cards.ts'
import { channelRoutes, ownChannelRoutes } from '../features/channels/channels.routes.ts'
import { createChannels } from '../features/channels/channels.ts'
import { commentRoutes } from '../features/comments/comments.routes.ts'
import { createComments } from '../features/comments/comments.ts'
import { ownCommentRoutes } from '../features/comments/own-comments.routes.ts'
import { dialRoutes } from '../features/dials/dials.routes.ts'
import { createDials, DEVICE_DIALS_LIMIT } from '../features/dials/dials.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { explainRoutes } from '../features/feed/explain.routes.ts'
import { feedRoutes } from '../features/feed/feed.routes.ts'
import { createFeed } from '../features/feed/feed.ts'
import { createListInterests } from '../features/lists/interests.ts'
import { listRoutes } from '../features/lists/lists.routes.ts'
import { createLists } from '../features/lists/lists.ts'
import { ownListRoutes } from '../features/lists/own-lists.routes.ts'
import { createListPopular } from '../features/lists/popular.ts'
import type { Moderation } from '../features/moderation/moderation.ts'
import { createDeletion } from '../features/personal-data/deletion.ts'
import { createExport } from '../features/personal-data/export.ts'
import { EXPORT_LIMIT, personalDataRoutes } from '../features/personal-data/personal-data.routes.ts'
import { photoRoutes, profileSettingsRoutes } from '../features/profiles/profile-settings.routes.ts'
import { createProfileSettings } from '../features/profiles/profile-settings.ts'
import { profileRoutes } from '../features/profiles/profiles.routes.ts'
import { createProfiles, photoPath } from '../features/profiles/profiles.ts'
import { blockedRoutes, relationRoutes } from '../features/profiles/relations.routes.ts'
import { createRelations } from '../features/profiles/relations.ts'
import { reactionRoutes } from '../features/reactions/reactions.routes.ts'
import { createReactions } from '../features/reactions/reactions.ts'
import type { Visits } from '../features/statistics/visits.ts'
import type { Authenticate } from '../http/bearer-token.ts'
import { createAssistantModule } from './assistant.ts'
import type { Counting } from './counting.ts'
import type { FilesParts } from './files.ts'
import type { Infrastructure } from './infrastructure.ts'
import type { RecommenderParts } from './ranking.ts'
import { createSearchFeature, type SearchParts } from './search.ts'
import { createSignIn } from './sign-in.ts'
import { createWritingModules } from './writing.ts'

export interface ReaderFeatures {
  modules: FeatureModule[]
  authenticate: Authenticate
  findEndedSessions: Sessions['findEnded']
  close(): Promise<void>
}

export function createReaderFeatures(
  infrastructure: Infrastructure,
  caches: Caches,
  {
    ranking: { resilientRecommender, fallback, explain, tokenSigner },
    counting,
    search: searchParts,
    files: { files, identity, checkUploadLimit },
    moderation,
    operationLog,
    countSearch,
  }: {
    ranking: RecommenderParts
    counting: Counting
    search: SearchParts
    files: FilesParts
    moderation: Moderation
    operationLog: OperationLog
    countSearch: Visits['recordSearch']
  },
  absoluteUrl: (path: string) => string,
): ReaderFeatures {
  const { config, log, metrics, database, redis, secrets, tokenKeys, newId } = infrastructure
  const { db } = database
  const { counters } = counting
  const { createCache } = caches
  const isPlausibleNow = (id: bigint) => isPlausibleId(id, Date.now())
  const localTime = createLocalTimeFormat(config.timezone)

  const { accounts, sessions, tokens, securityLog } = createSignIn(infrastructure, absoluteUrl)
  const deletion = createDeletion({ db, log })
  const personalData = {
    exportReader: createExport({ db, readIdentity: id => identity.readTexts(id, 'reader') }),
    exportLimiter: createRateLimiter(EXPORT_LIMIT, redis),
    sendDeletionCode: (id: ReaderId, client: Client) => accounts.sendOwnCode(id, 'deletion', client),
    checkDeletionCode: (id: ReaderId, code: string, client: Client) => accounts.checkOwnCode(id, 'deletion', code, client),
    async scheduleDeletion(id: ReaderId) {
      const [due, noteEnded] = await db
        .transaction()
        .execute(async tx => [await deletion.schedule(tx, id), await sessions.endAllIn(tx, id)] as const)
      noteEnded()
      return due
    },
  }
  const mobileChange = createMobileChange({ db, securityLog, operationLog, accounts, sessions })
  const profiles = createProfiles({ db, createCache, counters, absoluteUrl })
  const profileSettings = createProfileSettings({
    db,
    absoluteUrl,
    clock: Date.now,
    localTime,
    storePicture: files.storePicture,
    identity,
    checkProfile: moderation.checkProfile,
  })
  const profileSettingsNeeds = { settings: profileSettings, checkUploadLimit }
  const relations = createRelations({ db, counters, isPlausibleId: isPlausibleNow, absoluteUrl })
  const channels = createChannels({ db, createCache })
  const refusals = createRefusals({ db, log, clock: Date.now, metrics })
  const behaviourNeeds = {
    refusals,
    db,
    log,
    clock: Date.now,
    readTrace: tokenSigner.verify,
    onceKeyOf: createOnceKey({ secret: secrets.traces, clock: Date.now }),
    limits: createBehaviourLimits(limit => createRateLimiter(limit, redis)),
  }
  const behaviours = createBehaviours(behaviourNeeds)
  const events = createEvents(behaviourNeeds)
  const importBehaviours = createBehaviourImport({ db, clock: Date.now, timeZone: config.timezone, secret: secrets.traces })
  const articles = createArticles({
    db,
    createCache,
    profilesOf: profiles.of,
    counters,
    recordClick(opening) {
      searching.search.recordOpening(opening.viewer, opening.articleId)
      return behaviours.recordClick(opening)
    },
    absoluteUrl,
    photoPath,
    localTime,
  })
  const loadCards = cacheCardRows({ db, createCache, profilesOf: profiles.of })
  const cardJson = createCardJson({ loadCards, current: caches.isCurrent, absoluteUrl, localTime })
  const cards = createCards({ loadCards, counters, cardJson, absoluteUrl, localTime })
  const reactions = createReactions({ db, counters, recordAction: behaviours.recordAction, isPlausibleId: isPlausibleNow })
  const { checkComment } = moderation
  const comments = createComments({ db, counters, newId, isPlausibleId: isPlausibleNow, absoluteUrl, photoPath, localTime, checkComment })
  const lists = createLists({ db, cards, profilesOf: profiles.of, historyMax: READING_HISTORY_MAX })
  const listInterests = createListInterests({ db, listChannels: channels.list, absoluteUrl })
  const dials = createDials({
    db,
    profilesOf: profiles.of,
    cardsOf: cards.of,
    listChannels: channels.list,
    isPlausibleId: isPlausibleNow,
    deviceLimiter: createRateLimiter(DEVICE_DIALS_LIMIT, redis),
  })
  const searching = createSearchFeature(infrastructure, searchParts, {
    cards,
    listChannels: channels.list,
    recordAction: behaviours.recordAction,
    countSearch,
  })
  const feed = createFeed({ recommender: resilientRecommender, fallback, cards, channelExists: channels.exists, metrics })

  const modules: FeatureModule[] = [
    { routes: { app: accountRoutes(accounts, sessions, 'app'), studio: accountRoutes(accounts, sessions, 'studio') } },
    { routes: { own: sessionRoutes(sessions) }, onChange: sessions.applyChanges, onGap: sessions.clear },
    { routes: { own: mobileChangeRoutes(mobileChange), 'own admin': mobileRecoveryRoutes(mobileChange) } },
    { routes: { own: personalDataRoutes(personalData) }, jobs: [deletion.job] },
    { routes: { files: publicKeyRoutes(tokens.publicKeys) }, onChange: tokenKeys.applyChanges, onGap: tokenKeys.clear },
    { routes: { app: profileRoutes(profiles) } },
    { routes: { app: profileSettingsRoutes(profileSettingsNeeds) } },
    { routes: { app: photoRoutes(profileSettingsNeeds, 'login'), studio: photoRoutes(profileSettingsNeeds, 'studio') } },
    { routes: { app: relationRoutes(relations), own: blockedRoutes(relations) } },
    { routes: { app: channelRoutes(channels), studio: channelRoutes(channels) } },
    { routes: { app: ownChannelRoutes(channels) } },
    { routes: { app: articleRoutes(articles) } },
    { routes: { app: reactionRoutes(reactions) } },
    { routes: { app: commentRoutes(comments), own: ownCommentRoutes(comments) } },
    { routes: { app: listRoutes(lists), own: ownListRoutes(lists, createListPopular({ db, cards }), listInterests) } },
    { routes: { own: cardRoutes(cards) } },
    { routes: { own: dialRoutes(dials) } },
    ...searching.modules,
    { routes: { app: readingDurationRoutes(behaviours) } },
    { routes: { own: eventRoutes(events) } },
    { routes: { own: behaviourImportRoutes(importBehaviours, operationLog) } },
    { routes: { own: explainRoutes({ explain, channelExists: channels.exists }) } },
    { routes: { 'app v1_0': feedRoutes(feed, 'v1_0'), 'app v1_1': feedRoutes(feed, 'v1_1') } },
    { onChange: cardJson.applyChanges, onGap: cardJson.clear },
    { routes: { app: announcementRoutes(createAnnouncements({ db, newId, localTime, operationLog })) } },
    ...createWritingModules(infrastructure, {
      counting,
      search: searchParts,
      absoluteUrl,
      localTime,
      comments,
      relations,
      profileSettings,
      moderation,
    }),
    { routes: { files: artworkRoutes } },
    createAssistantModule(infrastructure, {
      counters,
      find: searching.search.find,
      listChannels: channels.list,
      recommender: resilientRecommender,
      fallback,
      localTime,
      absoluteUrl,
    }),
  ]
  return {
    modules,
    authenticate: sessions.authenticate,
    findEndedSessions: sessions.findEnded,
    async close() {
      await Promise.all([searching.search.close(), behaviours.close()])
      await refusals.close()
    },
  }
}
