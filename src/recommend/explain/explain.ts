// "Why did I see this?" and "why not that?" of one article and one viewer. What was shown is read from its page; for what
// was not, the ranking is run as it would be now, and one candidate is watched on its way through the named steps.

import { ARTICLE_STATUS } from '../../base/article-status.ts'
import { type ArticleId, type ChannelId, type PageId, RECOMMENDED_CHANNEL } from '../../base/id.ts'
import type { Db } from '../../engines/database/database.ts'
import { type RankedArticle, type RankingQuery, type RankingRequest, SOURCES, type ViewerContext } from '../feeds/for-you.ts'
import { type Pipeline, runPipeline } from '../pipeline/pipeline.ts'
import { seenOnce, shownOn, statusOf } from './explain.sql.ts'

export interface Explained {
  /** Null for nobody: who cannot be recognised is not remembered. */
  shown: boolean | null
  /** Where it stood last, if its page is still kept. */
  page: PageId | null
  channelId: ChannelId | null
  position: number | null
  /** What found it, and what spoke for and against it: then, or in a ranking of this moment. */
  sources: string[]
  factors: Record<string, number>
  /** The step that keeps it from being shown now: `published`, `sources` when none found it, or as the funnel names it. */
  removedBy: string | null
  /** Its place in a ranking of this moment, from 0. */
  rank: number | null
}

export type Explain = (who: { viewer: string | undefined; channelId?: ChannelId }, articleId: ArticleId) => Promise<Explained | undefined>

export interface ExplainNeeds {
  db: Db
  clock: () => number
  pipeline: Pipeline<RankingRequest, RankingQuery, RankedArticle>
  /** What is known of a viewer who refreshes a channel. */
  lookUp: (viewer: string, channelId: ChannelId) => ViewerContext
  /** As many as a ranking of the feed chooses. */
  count: number
}

const NOT_SHOWN = { page: null, channelId: null, position: null, sources: [], factors: {}, removedBy: null, rank: null }
const UNHEARD = { step() {}, removed() {}, failed() {} }

/** Answers undefined for what is no article. Without a channel: shown anywhere, or not in the recommended one. */
export function createExplain({ db, clock, pipeline, lookUp, count }: ExplainNeeds): Explain {
  return async ({ viewer, channelId }, articleId) => {
    const status = await statusOf(db, articleId)
    if (status === undefined) return undefined
    const page = viewer === undefined ? undefined : await shownOn(db, viewer, articleId, channelId)
    if (page) {
      const { from, factors } = page.why ?? { from: [SOURCES[page.source] ?? 'rest'], factors: {} }
      const { id, position } = page
      return { shown: true, page: id, channelId: page.channelId, position, sources: from, factors, removedBy: null, rank: null }
    }
    const shown = viewer === undefined ? null : channelId === undefined && (await seenOnce(db, viewer, articleId))
    if (status !== ARTICLE_STATUS.published) return { ...NOT_SHOWN, shown, removedBy: 'published' }
    const about = viewer === undefined ? undefined : lookUp(viewer, channelId ?? RECOMMENDED_CHANNEL)
    const asked = { viewer, channelId: channelId ?? RECOMMENDED_CHANNEL, now: clock(), count, about }
    return { ...NOT_SHOWN, shown, ...(await followed(pipeline, articleId, asked)) }
  }
}

const WATCHED = 'asked for'

/** Runs the pipeline with this article among the candidates, whether or not a source finds it, and says what became of it. */
async function followed(pipeline: Pipeline<RankingRequest, RankingQuery, RankedArticle>, id: ArticleId, asked: RankingRequest) {
  let removedBy: string | null = null
  let met: RankedArticle | undefined
  const lost = (step: string) => {
    removedBy ??= step
  }
  const has = (articles: RankedArticle[]) => articles.some(article => article.id === id)
  const watched: typeof pipeline = {
    ...pipeline,
    sources: { ...pipeline.sources, [WATCHED]: () => [id] },
    hydrate: {
      ...pipeline.hydrate,
      must: mapped(pipeline.hydrate.must, (step, name) => async (ids, query) => {
        const found = await step(ids, query)
        if (!found.has(id)) lost(`hydrate.${name}`)
        return found
      }),
    },
    filter: mapped(pipeline.filter, (keeps, name) => (article, query) => {
      const kept = keeps(article, query)
      if (article.id !== id) return kept
      met = article
      if (!kept) lost(`filter.${name}`)
      return kept
    }),
    select: mapped(pipeline.select, (choose, name) => (ranked, query) => {
      const chosen = choose(ranked, query)
      if (has(ranked) && !has(chosen)) lost(`select.${name}`)
      return chosen
    }),
  }
  const { ranked } = await runPipeline(watched, asked, UNHEARD)
  const sources = met?.from.filter(name => name !== WATCHED) ?? []
  const place = ranked.findIndex(article => article.id === id)
  if (removedBy === null && sources.length === 0) removedBy = 'sources'
  const scored = place >= 0 ? (ranked[place] as RankedArticle).factors : {}
  const factors = Object.fromEntries(Object.entries(scored).map(([name, factor]) => [name, Number(factor.toPrecision(3))]))
  return { sources, factors, removedBy, rank: place >= 0 && sources.length > 0 ? place : null }
}

const mapped = <T>(steps: Record<string, T>, change: (step: T, name: string) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(steps).map(([name, step]) => [name, change(step, name)]))
