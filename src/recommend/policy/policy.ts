// A policy: how the feed weighs what it knows. DEFAULT_POLICY is the product's own; a file replaces parts of it.

import type { Assignment } from '../experiments/assigned-viewers.ts'
import type { FeedbackRule } from './feedback.ts'
import { parseFeedback } from './feedback.ts'
import type { FactorName, PolicyDocument, SourceName } from './policy-schema.ts'

export interface Leaderboard {
  name: string
  score: string
  size: number
}

export interface Policy {
  /** 0: the defaults. Pages and tracking tokens have it, with what ranked them. */
  version: number
  name: string
  sources: Record<SourceName, number>
  factors: Record<FactorName, number>
  diversity: { author: number; channel: number }
  exploration: { share: number; showings: number }
  feedback: { days: number; rules: FeedbackRule[] }
  leaderboards: Leaderboard[]
  /** The arm of an experiment whose viewers it is for. */
  assignment?: Assignment
}

/** The file that says what holds without one. */
export const DEFAULTS = {
  name: 'default',
  sources: { following: 1, covisited: 1, collaborative: 1, interests: 1, trending: 1, fresh: 1, explore: 1, leaderboard: 1 },
  factors: { appeal: 1, freshness: 1, closeness: 1, taste: 1, likeness: 1, choice: 1, disinterest: 1, language: 1, model: 1 },
  // A second article of an author, or of a channel, needs a score higher by 1/factor to be on the same page.
  diversity: { author: 0.6, channel: 0.85 },
  // Trying each article a hundred times, as the feed did before it learned, costs more than it teaches (bench/learning.ts).
  exploration: { share: 1, showings: 30 },
  // Seven days are fourteen half-lives of trending scores: nothing of an older click is left.
  feedback: { days: 7, positive: { click: 1, read: 1, like: 2, collect: 3, share: 4 }, negative: {} },
  leaderboards: {},
} satisfies PolicyDocument

const LEADERBOARD_SIZE = 100

/** By name: a stored document has its fields in another order than the file, and equal policies are told by comparing them. */
const sortedEntries = <T>(fields: Record<string, T>): [string, T][] => Object.entries(fields).toSorted(([a], [b]) => (a < b ? -1 : 1))

/** A document that was checked, with the defaults for what it leaves out. */
export function completePolicy(document: PolicyDocument, version: number): Policy {
  const { days = DEFAULTS.feedback.days, positive = DEFAULTS.feedback.positive, negative = {} } = document.feedback ?? {}
  const rulesOf = (weights: Record<string, number>, sign: 1 | -1) =>
    sortedEntries(weights).map(([text, weight]) => ({ ...parseFeedback(text), weight: sign * weight }))
  return {
    version,
    name: document.name ?? (version === 0 ? DEFAULTS.name : `policy-${version}`),
    sources: { ...DEFAULTS.sources, ...document.sources },
    factors: { ...DEFAULTS.factors, ...document.factors },
    diversity: { ...DEFAULTS.diversity, ...document.diversity },
    exploration: { ...DEFAULTS.exploration, ...document.exploration },
    feedback: { days, rules: [...rulesOf(positive, 1), ...rulesOf(negative, -1)] },
    leaderboards: sortedEntries(document.leaderboards ?? {}).map(([name, { score, size = LEADERBOARD_SIZE }]) => ({ name, score, size })),
  }
}

export const DEFAULT_POLICY = completePolicy({}, 0)

/** By what a score is multiplied for the sources that found the article. Those that no policy weighs, such as `rest`, count 1. */
export const sourceWeight = ({ sources }: Pick<Policy, 'sources'>, from: readonly string[]): number =>
  from.reduce((most, name) => Math.max(most, sources[name as SourceName] ?? 1), 0)

/** What ranked a page: the five factors, the learned model, or the model with the trees of the night. */
export const RANKERS = { fiveFactors: 1, model: 2, trees: 3 } as const
export type Ranker = (typeof RANKERS)[keyof typeof RANKERS]

/** A page row and a token hold both in one number of 15 bits; of the defaults it is the ranker alone. */
const PER_VERSION = 4
/** Of pages that nothing ranked (fallback, pinned articles), which are not stored: their clicks are counted and not learned from. */
export const NOT_RANKED = 0
export const policyNumber = (version: number, ranker: Ranker): number => version * PER_VERSION + ranker
export const splitPolicyNumber = (number: number): { version: number; ranker: number } => ({
  version: Math.floor(number / PER_VERSION),
  ranker: number % PER_VERSION,
})
