// Readers whose clicks are known, and pages that a policy served them, made with the product's scores and exploration. What a policy is
// truly worth there can be calculated. Readers differ in how much they click, and of each article something is not in its factors.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { createSeededRandom, type Random } from '../../base/seeded-random.ts'
import { createCatalogue } from '../catalogue/catalogue.ts'
import { createCandidate } from '../feeds/facts.ts'
import { PROPENSITY_UNITS } from '../pages/page.ts'
import { packExplanation } from '../pages/page-explanation.ts'
import { explain } from '../pages/page-writer.ts'
import { scoreCandidates } from '../pipeline/arithmetic-stages.ts'
import { type Policy, policyNumber, RANKERS } from '../policy/policy.ts'
import type { RankedArticle, RankingQuery } from '../ranking-query.ts'
import { weigh } from '../scores.ts'
import { EXPLORE_POSITION, insertExploration } from '../select/exploration.ts'
import { sourceIndexOf } from '../sources/sources.ts'
import { type LoggedPage, type PageRow, toLoggedPage } from './logged-page.ts'

const [CANDIDATES, PLACES] = [40, 10]
export const attentionAt = (place: number): number => 0.88 ** place
const catalogue = createCatalogue(() => 0)
const SILENT = { step() {}, removed() {}, failed() {} }

interface Context {
  viewer: string
  candidates: { article: RankedArticle; factors: Record<(typeof FACTOR_NAMES)[number], number> }[]
  /** How probable a click is if the article is looked at. */
  attraction: Map<ArticleId, number>
}

/** The factors are those of five-factor pages; the model's have no others that matter here. */
const FACTOR_NAMES = ['appeal', 'freshness', 'closeness', 'taste', 'likeness'] as const

function makeContext(random: Random, viewer: string, generosity: number, firstId: number): Context {
  const attraction = new Map<ArticleId, number>()
  const candidates = Array.from({ length: CANDIDATES }, (_, i) => {
    const id = BigInt(firstId + i) as ArticleId
    const values = {
      appeal: Math.log1p(0.5 + Math.exp(random.normal() + 0.5)),
      freshness: 0.02 + 0.5 ** (3 * random.next()),
      closeness: random.chance(0.1) ? 1.5 : 1,
      taste: 1 + 4 * random.next() ** 2,
      likeness: 1 + (random.chance(0.3) ? random.next() : 0),
    }
    const logOdds =
      -2.6 +
      generosity +
      1.2 * Math.log(values.appeal) +
      0.4 * Math.log(values.freshness) +
      0.7 * Math.log(values.taste) +
      0.8 * Math.log(values.likeness) +
      0.6 * random.normal()
    attraction.set(id, 1 / (1 + Math.exp(-logOdds)))
    const facts = { id, authorId: 1n as ReaderId, channelId: 1 as ChannelId, publishedAt: 0, language: 'en' as const }
    const from = [values.appeal > 1 ? 'trending' : 'fresh', ...(random.chance(0.2) ? ['explore'] : [])]
    return { article: createCandidate(facts, from), factors: values }
  })
  return { viewer, candidates, attraction }
}

function rankBy({ candidates }: Context, policy: Policy): RankedArticle[] {
  const { weights, ...scores } = weigh({}, policy)
  const valuesOf = new Map(candidates.map(({ article, factors }) => [{ ...article }, factors]))
  const own = Object.fromEntries(FACTOR_NAMES.map(name => [name, () => (article: RankedArticle) => valuesOf.get(article)?.[name] ?? 0]))
  return scoreCandidates({ factors: { ...own, ...scores.factors }, weights }, [...valuesOf.keys()], { policy } as RankingQuery, SILENT)
}

const explorable = (ranked: RankedArticle[]) => ranked.filter(({ from }) => from.includes('explore'))

/** Pages of readers, each with its clicks. */
export function makeLog(policy: Policy, { seed, pages, viewers = 80 }: { seed: number; pages: number; viewers?: number }) {
  const random = createSeededRandom('logged world', seed)
  const generosities = Array.from({ length: viewers }, () => 0.5 * random.normal())
  const rows: { row: PageRow; clickedIds: Set<ArticleId> }[] = []
  for (let i = 0; i < pages; i++) {
    const viewer = random.int(0, viewers - 1)
    const context = makeContext(random, `r${viewer + 1}`, generosities[viewer] as number, 1 + i * CANDIDATES)
    const ranked = rankBy(context, policy)
    const needs = { catalogue, random: random.next, share: policy.exploration.share }
    const shown = insertExploration(ranked.slice(0, PLACES), explorable(ranked), needs)
    const row: PageRow = {
      viewer: context.viewer,
      policy: policyNumber(policy.version, RANKERS.fiveFactors),
      articleIds: shown.map(({ id }) => id),
      sources: shown.map(sourceIndexOf),
      propensity: shown.map(({ propensity = 1 }) => Math.max(1, Math.round(propensity * PROPENSITY_UNITS))),
      why: packExplanation(explain({ funnel: [], articles: ranked }, shown)),
    }
    const clickedIds = new Set(
      row.articleIds.filter((id, place) => random.chance(attentionAt(place) * (context.attraction.get(id) as number))),
    )
    rows.push({ row, clickedIds })
  }
  return rows
}

export const makeLoggedPages = (policy: Policy, options: Parameters<typeof makeLog>[1]): LoggedPage[] =>
  makeLog(policy, options).map(({ row, clickedIds }) => toLoggedPage(row, clickedIds) as LoggedPage)

/** Clicks expected on a page, over all readers and draws; all articles are as rarely shown, so that all are drawn alike. */
export function trueValueOf(policy: Policy, pages = 2_000): number {
  const random = createSeededRandom('true value')
  const { share } = policy.exploration
  let sum = 0
  for (let i = 0; i < pages; i++) {
    const context = makeContext(random, 'r1', 0.5 * random.normal(), 1)
    const rateOf = ({ id }: RankedArticle) => context.attraction.get(id) as number
    const ranked = rankBy(context, policy)
    const top = ranked.slice(0, PLACES)
    const open = explorable(ranked).filter(article => !top.includes(article))
    const explores = open.length > 0 ? share : 0
    for (const [place, article] of top.entries()) {
      const below = place < EXPLORE_POSITION ? attentionAt(place) : place + 1 < PLACES ? attentionAt(place + 1) : 0
      sum += rateOf(article) * ((1 - explores) * attentionAt(place) + explores * below)
    }
    for (const article of open) sum += (explores * attentionAt(EXPLORE_POSITION) * rateOf(article)) / open.length
  }
  return sum / pages
}
