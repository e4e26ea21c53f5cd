// The features readers meet, made once, in the order of what stands on what.

import { localTime } from '../base/clock.ts'
import type { Part } from '../base/part.ts'
import type { Authenticate } from '../base/viewer.ts'
import { tableCounters } from '../engines/counters/counters.ts'
import { memoryLimiter } from '../engines/limits/limits.ts'
import { accountRoutes } from '../features/accounts/accounts.routes.ts'
import { type Accounts, createAccounts } from '../features/accounts/accounts.ts'
import { createCodes } from '../features/accounts/codes.ts'
import { createTokens } from '../features/accounts/tokens.ts'
import { articleRoutes } from '../features/articles/articles.routes.ts'
import { createArticles } from '../features/articles/articles.ts'
import { createBehaviours } from '../features/behaviours/behaviours.ts'
import { createCards } from '../features/cards/cards.ts'
import { channelRoutes, ownChannelRoutes } from '../features/channels/channels.routes.ts'
import { createChannels } from '../features/channels/channels.ts'
import { feedRoutes } from '../features/feed/feed.routes.ts'
import { createFeed } from '../features/feed/feed.ts'
import { drawnRoutes } from '../features/files/drawn.routes.ts'
import { peopleRoutes } from '../features/people/people.routes.ts'
import { createPeople, photoPath } from '../features/people/people.ts'
import type { Foundation } from './foundation.ts'
import type { Ranking } from './ranking.ts'

export interface Reading {
  parts: Part[]
  authenticate: Authenticate
  close(): Promise<void>
}

/** `publicUrl` is asked for each time: with PORT=0 it is known only once we listen. */
export function createReading(foundation: Foundation, { recommender, traces }: Ranking, publicUrl: () => string): Reading {
  const { config, log, metrics, database } = foundation
  const { db } = database
  const counters = tableCounters(db)
  const address = (path: string) => (/^https?:/.test(path) ? path : `${publicUrl()}/${path}`)
  const local = localTime(config.timezone)

  const accounts = createSignIn(foundation)
  const people = createPeople({ db, counters, address })
  const channels = createChannels({ db })
  const behaviours = createBehaviours({ db, log, readTrace: traces.read })
  const articles = createArticles({ db, counters, opened: behaviours.opened, address, photoPath, localTime: local })
  const cards = createCards({ db, counters, address, localTime: local })
  const feed = createFeed({ db, recommender, cards, channelExists: channels.exists, metrics, log })

  const parts: Part[] = [
    { routes: { app: accountRoutes(accounts, 'app'), studio: accountRoutes(accounts, 'studio') } },
    { routes: { app: peopleRoutes(people) } },
    { routes: { app: channelRoutes(channels), studio: channelRoutes(channels) } },
    { routes: { app: ownChannelRoutes(channels) } },
    { routes: { app: articleRoutes(articles) } },
    { routes: { 'app v1_0': feedRoutes(feed, 'v1_0'), 'app v1_1': feedRoutes(feed, 'v1_1') } },
    { routes: { files: drawnRoutes } },
  ]
  return { parts, authenticate: accounts.authenticate, close: () => behaviours.flush() }
}

/** Signing in, which the command line does too. */
export function createSignIn({ config, database, newId, secrets }: Foundation): Accounts {
  const { db } = database
  const clock = Date.now
  const tokens = createTokens({ key: secrets.tokens, clock })
  const codes = createCodes({ db, key: secrets.tokens, smsUrl: config.smsUrl })
  const sends = memoryLimiter({ points: 100, seconds: 3_600 }) // the contract: a hundred an hour from each address
  return createAccounts({ db, newId, tokens, codes, clock, sends })
}
