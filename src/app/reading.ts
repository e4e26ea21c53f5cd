// The features readers meet, made once, in the order of what stands on what.

import { localTime } from '../base/clock.ts'
import type { Part, Task } from '../base/part.ts'
import type { Authenticate } from '../base/viewer.ts'
import { tableCounters } from '../engines/counters/counters.ts'
import { memoryLimiter } from '../engines/limits/limits.ts'
import { followChanges } from '../engines/log/follow.ts'
import { accountRoutes } from '../features/accounts/accounts.routes.ts'
import { type Accounts, createAccounts } from '../features/accounts/accounts.ts'
import { createCodes } from '../features/accounts/codes.ts'
import { createTokens } from '../features/accounts/tokens.ts'
import { articleRoutes } from '../features/articles/articles.routes.ts'
import { createArticles } from '../features/articles/articles.ts'
import { createBehaviours, HISTORY_MAX } from '../features/behaviours/behaviours.ts'
import { readingRoutes } from '../features/behaviours/reading.routes.ts'
import { createCards } from '../features/cards/cards.ts'
import { createFragments } from '../features/cards/fragments.ts'
import { channelRoutes, ownChannelRoutes } from '../features/channels/channels.routes.ts'
import { createChannels } from '../features/channels/channels.ts'
import { commentRoutes } from '../features/comments/comments.routes.ts'
import { createComments } from '../features/comments/comments.ts'
import { feedRoutes } from '../features/feed/feed.routes.ts'
import { createFeed } from '../features/feed/feed.ts'
import { drawnRoutes } from '../features/files/drawn.routes.ts'
import { listRoutes } from '../features/lists/lists.routes.ts'
import { createLists } from '../features/lists/lists.ts'
import { peopleRoutes } from '../features/people/people.routes.ts'
import { createPeople, photoPath } from '../features/people/people.ts'
import { profileRoutes } from '../features/people/profile.routes.ts'
import { createProfiles } from '../features/people/profile.ts'
import { relationRoutes } from '../features/people/relations.routes.ts'
import { createRelations } from '../features/people/relations.ts'
import { reactionRoutes } from '../features/reactions/reactions.routes.ts'
import { createReactions } from '../features/reactions/reactions.ts'
import type { Foundation } from './foundation.ts'
import type { Ranking } from './ranking.ts'

export interface Reading {
  parts: Part[]
  authenticate: Authenticate
  close(): Promise<void>
}

/** `publicUrl` is asked for each time: with PORT=0 it is known only once we listen. */
export function createReading(foundation: Foundation, { guarded, fallback, traces }: Ranking, publicUrl: () => string): Reading {
  const { config, log, metrics, database, newId } = foundation
  const { db } = database
  const counters = tableCounters(db)
  const address = (path: string) => (/^https?:/.test(path) ? path : `${publicUrl()}/${path}`)
  const local = localTime(config.timezone)

  const accounts = createSignIn(foundation, address)
  const people = createPeople({ db, counters, address })
  const profiles = createProfiles({ db, address, clock: Date.now })
  const relations = createRelations({ db, counters, address })
  const channels = createChannels({ db })
  const behaviours = createBehaviours({ db, log, readTrace: traces.read })
  const articles = createArticles({ db, counters, opened: behaviours.opened, address, photoPath, localTime: local })
  const fragments = createFragments({ db, address, localTime: local })
  const cards = createCards({ db, fragments, address, localTime: local })
  const reactions = createReactions({ db, acted: behaviours.acted })
  const comments = createComments({ db, counters, newId, address, photoPath, localTime: local })
  const lists = createLists({ db, cards, historyMax: HISTORY_MAX })
  const feed = createFeed({ recommender: guarded, fallback, cards, channelExists: channels.exists, metrics, log })

  const parts: Part[] = [
    { routes: { app: accountRoutes(accounts, 'app'), studio: accountRoutes(accounts, 'studio') } },
    { routes: { app: peopleRoutes(people) } },
    { routes: { app: profileRoutes(profiles) } },
    { routes: { app: relationRoutes(relations) } },
    { routes: { app: channelRoutes(channels), studio: channelRoutes(channels) } },
    { routes: { app: ownChannelRoutes(channels) } },
    { routes: { app: articleRoutes(articles) } },
    { routes: { app: reactionRoutes(reactions) } },
    { routes: { app: commentRoutes(comments) } },
    { routes: { app: listRoutes(lists) } },
    { routes: { app: readingRoutes(behaviours) } },
    { routes: { 'app v1_0': feedRoutes(feed, 'v1_0'), 'app v1_1': feedRoutes(feed, 'v1_1') } },
    { onChange: fragments.changed },
    { routes: { files: drawnRoutes } },
  ]
  return { parts, authenticate: accounts.authenticate, close: () => behaviours.close() }
}

/** Tells the parts of what has changed in the rows they remember something of. */
export async function changeTask({ database }: Foundation, parts: Part[]): Promise<Task> {
  const run = await followChanges(database.db, changes => parts.forEach(part => part.onChange?.(changes)))
  // A wake may be lost; half a second later it is looked for anyway.
  return { name: 'follow-changes', role: 'api', everyMs: 500, wakes: ['change'], run }
}

/** Signing in, which the command line does too; there nobody looks at pictures. */
export function createSignIn({ config, database, newId, secrets }: Foundation, address = (path: string) => path): Accounts {
  const { db } = database
  const clock = Date.now
  const tokens = createTokens({ key: secrets.tokens, clock })
  const codes = createCodes({ db, key: secrets.tokens, smsUrl: config.smsUrl })
  const sends = memoryLimiter({ points: 100, seconds: 3_600 }) // the contract: a hundred an hour from each address
  return createAccounts({ db, newId, tokens, codes, clock, sends, photo: (id, photo) => address(photoPath(id, photo)) })
}
