// The features readers meet, made once, in the order of what stands on what.

import { createLocalTimeFormat } from '../base/clock.ts'
import { isPlausibleId } from '../base/snowflake.ts'
import type { Task } from '../base/task.ts'
import type { Config } from '../config.ts'
import type { Bus } from '../engines/bus/bus.ts'
import { type Caches, createCaches, HEARD_MAX } from '../engines/cache/caches.ts'
import type { Db } from '../engines/database/database.ts'
import { createLimiter } from '../engines/limits/limits.ts'
import { followChanges } from '../engines/log/follow.ts'
import { recentChanges } from '../engines/log/tail.ts'
import { accountRoutes } from '../features/accounts/accounts.routes.ts'
import { type Accounts, createAccounts } from '../features/accounts/accounts.ts'
import { createSmsCodes } from '../features/accounts/sms-codes.ts'
import { createTokens } from '../features/accounts/tokens.ts'
import { articleRoutes } from '../features/articles/articles.routes.ts'
import { createArticles } from '../features/articles/articles.ts'
import { artworkRoutes } from '../features/artwork/artwork.routes.ts'
import { createBehaviours, HISTORY_MAX } from '../features/behaviours/behaviours.ts'
import { eventRoutes } from '../features/behaviours/events.routes.ts'
import { createEvents } from '../features/behaviours/events.ts'
import { readingDurationRoutes } from '../features/behaviours/reading-duration.routes.ts'
import { createCardJson } from '../features/cards/card-json.ts'
import { cacheCardRows } from '../features/cards/card-rows.ts'
import { createCards } from '../features/cards/cards.ts'
import { channelRoutes, ownChannelRoutes } from '../features/channels/channels.routes.ts'
import { createChannels } from '../features/channels/channels.ts'
import { commentRoutes } from '../features/comments/comments.routes.ts'
import { createComments } from '../features/comments/comments.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { explainRoutes } from '../features/feed/explain.routes.ts'
import { feedRoutes } from '../features/feed/feed.routes.ts'
import { createFeed } from '../features/feed/feed.ts'
import { lookAbove } from '../features/feed/pinned.ts'
import { listRoutes } from '../features/lists/lists.routes.ts'
import { createLists } from '../features/lists/lists.ts'
import { createTops } from '../features/pinned/tops.ts'
import { profileSettingsRoutes } from '../features/profiles/profile-settings.routes.ts'
import { createProfileSettings } from '../features/profiles/profile-settings.ts'
import { profileRoutes } from '../features/profiles/profiles.routes.ts'
import { createProfiles, photoPath } from '../features/profiles/profiles.ts'
import { relationRoutes } from '../features/profiles/relations.routes.ts'
import { createRelations } from '../features/profiles/relations.ts'
import { reactionRoutes } from '../features/reactions/reactions.routes.ts'
import { createReactions } from '../features/reactions/reactions.ts'
import type { Authenticate } from '../http/bearer-token.ts'
import { trackPinned } from '../recommend/pinned.ts'
import type { Counting } from './counting.ts'
import type { Infrastructure } from './infrastructure.ts'
import type { Ranking } from './ranking.ts'

export interface ReaderFeatures {
  modules: FeatureModule[]
  authenticate: Authenticate
  caches: Caches
  close(): Promise<void>
}

/** `publicUrl` is asked for each time: with PORT=0 it is known only once we listen. */
export function createReaderFeatures(
  foundation: Infrastructure,
  { guarded, fallback, explain, traces }: Ranking,
  { counters }: Counting,
  publicUrl: () => string,
): ReaderFeatures {
  const { config, log, metrics, database, newId, redis } = foundation
  const { db } = database
  const caches = createCaches({
    log,
    metrics,
    clock: Date.now,
    monotonic: () => performance.now(),
    random: Math.random,
    redis,
    loadsAtOnce: Math.floor(config.databaseConnections / 2), // a wave of misses leaves the other half to everything else
  })
  const { remember } = caches
  const absoluteUrl = (path: string) => (/^https?:/.test(path) ? path : `${publicUrl()}/${path}`)
  const isPlausible = (id: bigint) => isPlausibleId(id, Date.now())
  const local = createLocalTimeFormat(config.timezone)

  const accounts = createSignIn(foundation, absoluteUrl)
  const people = createProfiles({ db, remember, counters, absoluteUrl })
  const profiles = createProfileSettings({ db, absoluteUrl, clock: Date.now })
  const relations = createRelations({ db, counters, isPlausibleId: isPlausible, absoluteUrl })
  const channels = createChannels({ db, remember })
  const behaviours = createBehaviours({ db, log, clock: Date.now, readTrace: traces.read })
  const events = createEvents({ db, log, clock: Date.now, readTrace: traces.read })
  const articles = createArticles({
    db,
    remember,
    profilesOf: people.of,
    counters,
    recordClick: behaviours.recordClick,
    absoluteUrl,
    photoPath,
    localTime: local,
  })
  const cardRows = cacheCardRows({ db, remember, people: people.of })
  const cardJson = createCardJson({ loadCards: cardRows, current: caches.current, absoluteUrl, localTime: local })
  const cards = createCards({ loadCards: cardRows, counters, cardJson, absoluteUrl, localTime: local })
  const reactions = createReactions({ db, counters, recordAction: behaviours.recordAction, isPlausibleId: isPlausible })
  const comments = createComments({ db, counters, newId, isPlausibleId: isPlausible, absoluteUrl, photoPath, localTime: local })
  const lists = createLists({ db, cards, profilesOf: people.of, historyMax: HISTORY_MAX })
  const tops = createTops({ db, clock: Date.now, vouch: caches.vouch })
  const above = lookAbove(tops, trackPinned(traces))
  const feed = createFeed({ recommender: guarded, fallback, cards, above, channelExists: channels.exists, metrics })

  const modules: FeatureModule[] = [
    { routes: { app: accountRoutes(accounts, 'app'), studio: accountRoutes(accounts, 'studio') } },
    { routes: { app: profileRoutes(people) } },
    { routes: { app: profileSettingsRoutes(profiles) } },
    { routes: { app: relationRoutes(relations) } },
    { routes: { app: channelRoutes(channels), studio: channelRoutes(channels) } },
    { routes: { app: ownChannelRoutes(channels) } },
    { routes: { app: articleRoutes(articles) } },
    { routes: { app: reactionRoutes(reactions) } },
    { routes: { app: commentRoutes(comments) } },
    { routes: { app: listRoutes(lists) } },
    { routes: { app: readingDurationRoutes(behaviours) } },
    { routes: { own: eventRoutes(events) } },
    { routes: { own: explainRoutes({ explain, channelExists: channels.exists }) } },
    { routes: { 'app v1_0': feedRoutes(feed, 'v1_0'), 'app v1_1': feedRoutes(feed, 'v1_1') } },
    { onChange: cardJson.applyChanges, onGap: cardJson.clear },
    { onChange: tops.changed, onGap: tops.forgetAll },
    { routes: { files: artworkRoutes } },
  ]
  return { modules, authenticate: accounts.authenticate, caches, close: () => behaviours.close() }
}

type Told = Pick<Infrastructure, 'lags' | 'log'> & { config: Pick<Config, 'roles'>; database: { db: Db } }

/** Tells the parts and the caches of what has changed in the rows they remember something of. */
export async function createChangeTask(
  { config, database: { db }, lags, log }: Told,
  { modules, caches }: Pick<ReaderFeatures, 'modules' | 'caches'>,
  bus: Bus,
): Promise<Task> {
  const follower = await followChanges(
    db,
    'features',
    {
      changes(changes) {
        caches.changed(changes)
        modules.forEach(module => module.onChange?.(changes))
        bus.tellOthers('change') // they hear it from the database, unless they are just connecting to it anew
      },
      gap(at, history) {
        log.warn('changes may have been missed: everything kept in memory is forgotten')
        caches.restart(at, history)
        modules.forEach(module => module.onGap?.())
      },
    },
    config.roles.has('api') ? lags : undefined, // in others the task does not run, and so is not late
  )
  // After the follower has taken its place, so that nothing lies between the two.
  const recent = await recentChanges(db, HEARD_MAX)
  caches.begin(recent, recent.length === HEARD_MAX, follower.history())
  const run = async () => {
    await follower.catchUp()
    const at = follower.heardUntil()
    if (at !== undefined) caches.heardUntil(at)
  }
  // A wake may be lost; half a second later it is looked for anyway.
  return { name: 'follow-changes', role: 'api', intervalMs: 500, notifications: ['change'], run }
}

/** Signing in, which the command line does too; there nobody looks at pictures. */
export function createSignIn({ config, database, newId, secrets, redis }: Infrastructure, address = (path: string) => path): Accounts {
  const { db } = database
  const clock = Date.now
  const tokens = createTokens({ key: secrets.tokens, clock })
  const codes = createSmsCodes({ db, key: secrets.tokens, smsUrl: config.smsUrl })
  const sendLimiter = createLimiter({ name: 'codes', points: 100, seconds: 3_600 }, redis) // the contract: a hundred an hour from each address
  return createAccounts({ db, newId, tokens, codes, clock, sendLimiter, photoUrl: (id, photo) => address(photoPath(id, photo)) })
}
