// A few addresses try to lift articles for everyone else. Honest readers have read for days; then each attacking address sends
// whatever a client without an account can send. The places of the articles in honest readers' rankings are compared.

import type { ArticleId } from '../../../src/base/id.ts'
import { createSeededRandom } from '../../../src/base/seeded-random.ts'
import { createCatalogue } from '../../../src/recommend/catalogue/catalogue.ts'
import { startCatalogueConsumer } from '../../../src/recommend/catalogue/consumer.ts'
import { createReadersLike } from '../../../src/recommend/factors/readers-like.ts'
import { createForYouFeed } from '../../../src/recommend/feeds/for-you.ts'
import { createLearner } from '../../../src/recommend/learn/learner.ts'
import { createRankedBuffers } from '../../../src/recommend/pages/ranked-buffer.ts'
import { type PipelineObserver, runPipeline } from '../../../src/recommend/pipeline/pipeline.ts'
import { NO_LEADERBOARDS } from '../../../src/recommend/policy/leaderboards.ts'
import { onePolicy } from '../../../src/recommend/policy/policies.ts'
import { DEFAULT_POLICY } from '../../../src/recommend/policy/policy.ts'
import { createRecentViewers } from '../../../src/recommend/recent-viewers.ts'
import { createCovisits } from '../../../src/recommend/sources/covisits.ts'
import { createLoadViewerContext } from '../../../src/recommend/viewer-context.ts'
import type { Product } from '../../support/product.ts'
import { eventually } from '../../support/waiting.ts'
import { createAttack } from './attack.ts'
import { insertHonestReading } from './honest.ts'

export interface RingOptions {
  /** Honest addresses. */
  honest: number
  attacking: number
  articles: number
  /** Whether patient devices and accounts join afterwards: that is measured, not promised. */
  joined: boolean
  /** Honest readers whose rankings are looked at. */
  measured: number
  seed: number
}

export interface Target {
  /** Which article it is: by its median place before, or one that has not been read. */
  what: string
  before: number
  after: number
  /** Behaviours of the article before and after. */
  rows: [number, number]
  /** Clicks that exploration believes, before and after. */
  clicks: [number, number]
}

export interface Places {
  targets: Target[]
  /** How far any article at all has moved, attacked or not. */
  mostMoved: number
}

export interface RingFigures {
  requests: number
  /** After the attack without accounts and without patience. */
  strangers: Places
  /** After devices that were made up a week before have joined. */
  patient?: Places
  /** After an account for each attacking address has done all it can, too. */
  accounts?: Places
}

const CHANNELS = 3
// A ranking without one of its sources would be compared with one that has all.
const OBSERVER: PipelineObserver = {
  step() {},
  removed() {},
  failed(step, error) {
    throw new Error(`the step ${step} failed`, { cause: error })
  },
}

export async function runRing(
  product: Product,
  { honest, attacking, joined, articles, measured, seed }: RingOptions,
): Promise<RingFigures> {
  const { db } = product
  const random = createSeededRandom('ring', seed)
  const channels = await Promise.all(Array.from({ length: CHANNELS }, (_, i) => product.createChannel(`频道${i}`)))
  // An article an hour, in three channels.
  const drafts = Array.from({ length: articles }, (_, i) => ({ channel: channels[i % CHANNELS] as number, ageSeconds: i * 3_600 + 60 }))
  const ids = await product.publish(drafts)
  const unread = ids[random.int(articles >> 2, articles >> 1)] as ArticleId
  const viewers = await insertHonestReading(db, { addresses: honest, articles: ids.filter(id => id !== unread), random })

  // Another recommender process on the same rows, whose clock stands still: age moves no article while the attack lasts.
  const now = Date.now()
  const clock = () => now
  const catalogue = createCatalogue(clock)
  const covisits = createCovisits()
  const readersLike = createReadersLike()
  const consumer = await startCatalogueConsumer(db, {
    catalogue,
    covisits,
    rankedBuffers: createRankedBuffers(clock),
    recentViewers: createRecentViewers(clock),
    policies: onePolicy(),
    readersLike,
  })
  const learner = createLearner({ seed: 1, findArticle: catalogue.get }) // learns nothing here: the five factors rank
  const feed = createForYouFeed({
    catalogue,
    covisits,
    readersLike,
    leaderboards: NO_LEADERBOARDS,
    learner,
    findWithWords: async () => new Set(),
  })
  const loadViewerContext = createLoadViewerContext({ db, clock, catalogue })
  const sample = random.shuffle(viewers.readers).slice(0, measured)

  /** The median place of each article among the readers who have not read it. */
  async function measurePlaces(): Promise<Map<ArticleId, number>> {
    await consumer.catchUp()
    const places = new Map<ArticleId, number[]>()
    for (const viewerKey of sample) {
      const context = loadViewerContext(viewerKey, { channelId: 0, cursor: 0 })
      const request = { viewerKey, channelId: 0, now, count: articles, policy: DEFAULT_POLICY, context }
      const { chosen } = await runPipeline(feed, request, OBSERVER)
      for (const [place, { id }] of chosen.entries()) places.set(id, [...(places.get(id) ?? []), place])
    }
    return new Map([...places].map(([id, each]) => [id, median(each)]))
  }

  const countRows = async (id: ArticleId) => (await db.selectFrom('behaviour').select('id').where('article_id', '=', id).execute()).length
  async function waitUntilWritten(): Promise<void> {
    let before = -1
    await eventually(
      async () => {
        const same = before
        before = (await db.selectFrom('behaviour').select('id').execute()).length
        await new Promise(resolve => setTimeout(resolve, 200))
        return same === before
      },
      settled => settled,
    )
  }

  const before = await measurePlaces()
  const byPlace = [...before].toSorted(([, a], [, b]) => a - b).map(([id]) => id)
  const at = (share: number) => byPlace[Math.floor(byPlace.length * share)] as ArticleId
  const targets = [
    { what: 'in the middle', id: at(0.5) },
    { what: 'far down', id: at(0.875) },
    { what: 'never read', id: unread },
  ]
  const start = await Promise.all(
    targets.map(async ({ id }) => ({
      rows: await countRows(id),
      clicks: catalogue.impressionStats(id).clicks,
      place: before.get(id) as number,
    })),
  )
  async function compare(): Promise<Places> {
    await waitUntilWritten()
    const after = await measurePlaces()
    const moved = [...before].map(([id, place]) => Math.abs((after.get(id) ?? articles) - place))
    const compared = targets.map(async ({ what, id }, i): Promise<Target> => {
      const { rows, clicks, place } = start[i] as (typeof start)[number]
      const now = { rows: await countRows(id), clicks: catalogue.impressionStats(id).clicks }
      return { what, before: place, after: after.get(id) as number, rows: [rows, now.rows], clicks: [clicks, now.clicks] }
    })
    return { targets: await Promise.all(compared), mostMoved: Math.max(...moved) }
  }

  const attack = createAttack(product, { popular: byPlace.slice(0, 5), random })
  const targetIds = targets.map(({ id }) => id)
  for (let nth = 0; nth < attacking; nth++) await attack.sendAsStrangers(nth, targetIds)
  const strangers = await compare()
  if (!joined) return { requests: attack.requests(), strangers }
  for (let nth = 0; nth < attacking; nth++) await attack.sendAsPatientDevices(nth, targetIds)
  const patient = await compare()
  for (let nth = 0; nth < attacking; nth++) await attack.sendAsAccount(nth, targetIds)
  const accounts = await compare()
  return { requests: attack.requests(), strangers, patient, accounts }
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1] as number
