// Answers "what should this viewer see now". The feed's clock: a timestamp we gave out asks for its page, which never
// changes once served; any other, whatever its value, is a refresh, for the clocks of clients are wrong.

import { LRUCache } from 'lru-cache'
import { type Clock, HOUR, MINUTE } from '../base/clock.ts'
import { type ArticleId, type PageId, RECOMMENDED, type ReaderId } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import type { Metrics } from '../base/metrics.ts'
import { invalid } from '../base/problem.ts'
import { NOBODY, type Viewer, viewerKey } from '../base/viewer.ts'
import type { Db } from '../engines/database/database.ts'
import type { Catalogue } from './catalogue.ts'
import { type Answer, type Ask, COUNT_MAX, type Recommender } from './contract.ts'
import { type Article, type Asked, forYou, SOURCES } from './for-you.ts'
import { observer } from './observer.ts'
import { isReader, knownStamp, type NewPage, type Page, pastOf, stillPublished, storePage } from './pages.sql.ts'
import { run } from './pipeline.ts'
import { createSharedLists } from './shared-lists.ts'
import type { Traces } from './traces.ts'

export interface Needs {
  db: Db
  newId: () => bigint
  clock: Clock
  catalogue: Catalogue
  traces: Traces
  metrics: Metrics
  log: Log
}

/** The one way of ranking there is so far; traces carry it, so that what is learnt later knows what it learns from. */
export const POLICY = 1

const RETRY_MS = 2 * MINUTE
const SEEN_DAYS = 30
const SERVED_MS = 2 * HOUR
// Each further try means that an article was withdrawn, or another request stored its page, in that very moment.
const STORE_TRIES = 8
const THOUSANDTHS = 1_000
const READERS_MAX = 100_000 // ids known to be readers', which they never cease to be; some 10 MB

export function createRecommender(needs: Needs): Recommender {
  const { db, newId, clock, catalogue, traces } = needs
  const pipeline = forYou(catalogue)
  const watch = observer(needs)
  const rank = (asked: Asked) => run<Asked, Asked, Article>(pipeline, asked, watch)
  const shared = createSharedLists({ ...needs, rank, policy: POLICY })
  const readers = new LRUCache<ReaderId, true>({ max: READERS_MAX })

  /** A reader's id that is no reader's makes its bearer a nobody: over gRPC it comes from outside. */
  async function recognise(viewer: Viewer): Promise<Viewer> {
    if (viewer.kind !== 'reader' || readers.has(viewer.id)) return viewer
    if (!(await isReader(db, viewer.id))) return NOBODY
    readers.set(viewer.id, true)
    return viewer
  }

  async function recommend(ask: Ask): Promise<Answer> {
    check(ask)
    const viewer = viewerKey(await recognise(ask.viewer))
    if (viewer === undefined) return shared.recommend(ask)
    for (let tries = STORE_TRIES; ; tries--) {
      const known = await knownStamp(db, viewer, ask.channelId, ask.stamp, RETRY_MS)
      if (known?.kind === 'stored') {
        const answer = await reread(viewer, ask, known.page)
        // All that stood on it has been withdrawn since: what came after it stands for it.
        return answer ?? recommend({ ...ask, stamp: Number(known.page.older) })
      }
      const chosen = await choose(viewer, ask, known?.page)
      if (chosen.length === 0) return { exposure: '', stamp: 0, items: [] }
      const page = await storePage(db, newPage(viewer, ask, known?.page, chosen))
      if (page) return answerOf(viewer, ask, page, page.articleIds)
      if (tries === 1) throw new Error('no page could be stored')
      await forgetWithdrawn(chosen)
    }
  }

  /** The best of what may still come up, then what was served lately and perhaps not seen, oldest first. */
  async function choose(viewer: string, { channelId, count }: Ask, continues: Page | undefined): Promise<Article[]> {
    const past = await pastOf(db, viewer, continues?.scroll, { seenDays: SEEN_DAYS, servedMs: SERVED_MS })
    const passed = new Set([...past.seen, ...past.scrolled, ...(continues?.articleIds ?? [])])
    const chosen = await rank({ channelId, now: clock(), count, excluded: new Set([...passed, ...past.served]) })
    const onPage = new Set(chosen.map(article => article.id))
    for (const id of past.served) {
      if (chosen.length >= count) break
      const facts = catalogue.get(id)
      if (!facts || passed.has(id) || onPage.has(id) || (channelId !== RECOMMENDED && facts.channelId !== channelId)) continue
      onPage.add(id)
      chosen.push({ id, from: ['rest'], score: 0, factors: {}, facts })
    }
    return chosen
  }

  function newPage(viewer: string, ask: Ask, continues: Page | undefined, chosen: Article[]): NewPage {
    return {
      id: newId() as PageId,
      viewer,
      channelId: ask.channelId,
      continues: continues && { scroll: continues.scroll, stamp: BigInt(ask.stamp) },
      asked: ask.stamp,
      retryMs: RETRY_MS,
      now: clock(),
      articleIds: chosen.map(article => article.id),
      sources: chosen.map(article => sourceOf(article)),
      // Nothing is left to chance yet: each article stands where it stands with certainty.
      propensity: chosen.map(() => THOUSANDTHS),
      policy: POLICY,
    }
  }

  /** A stored page once more, without what has been withdrawn since; undefined when nothing is left of it. */
  async function reread(viewer: string, ask: Ask, page: Page): Promise<Answer | undefined> {
    const published = await stillPublished(db, page.articleIds)
    const left = page.articleIds.filter(id => published.has(id))
    return left.length > 0 ? answerOf(viewer, ask, page, left) : undefined
  }

  /** The catalogue is a step behind the rows: what it should not have offered is taken out of it at once. */
  async function forgetWithdrawn(chosen: Article[]): Promise<void> {
    const ids = chosen.map(article => article.id)
    const published = await stillPublished(db, ids)
    for (const id of ids) if (!published.has(id)) catalogue.remove(id)
  }

  function answerOf(viewer: string, { channelId }: Ask, page: Page, shown: ArticleId[]): Answer {
    const sign = traces.page({ pageId: page.id, channelId, policy: page.policy, viewer, issuedAt: page.madeAt })
    const items = shown.map(articleId => {
      const position = page.articleIds.indexOf(articleId)
      const propensity = (page.propensity[position] ?? THOUSANDTHS) / THOUSANDTHS
      return { articleId, track: sign.track({ articleId, position, source: page.sources[position] ?? 0, propensity }) }
    })
    return { exposure: sign.exposure, stamp: Number(page.older), items }
  }

  return { recommend }
}

function check({ channelId, count, stamp }: Ask): void {
  if (!Number.isInteger(count) || count < 1 || count > COUNT_MAX) throw invalid(`article_num must be from 1 to ${COUNT_MAX}`)
  if (!Number.isInteger(channelId) || channelId < 0) throw invalid('channel_id must be 0 or more')
  if (!Number.isSafeInteger(stamp) || stamp < 0) throw invalid('time_stamp must be milliseconds since 1970')
}

function sourceOf(article: Article): number {
  return Math.max(0, SOURCES.indexOf(article.from[0] as (typeof SOURCES)[number]))
}
