// The features of a candidate, by group. The ranker knows them by index.

import { HALF_LIVES_H } from './decayed-counts.ts'
import { STRENGTHS } from './strengths.ts'

const perHalfLife = (name: string) => HALF_LIVES_H.map(hours => `${name}_${hours}h`)

export const FEATURE_GROUPS = {
  popularity: [...perHalfLife('clicks'), ...perHalfLife('lift'), ...perHalfLife('views')],
  strength: Array.from({ length: STRENGTHS }, (_, speed) => `strength_${speed}`),
  time: ['since_click', 'since_view', 'age'],
  topic: ['topic_lift'],
  context: ['context_co_click'],
  belief: ['belief_article', 'belief_usual'],
  ownBelief: ['belief_taste', 'belief_sum'],
  exposure: ['times_shown', 'shown_recently', 'since_shown', 'was_shown', 'was_clicked'],
  coClick: ['co_click_sum', 'co_click_last', 'co_click_max', 'co_click_count'],
  readers: ['similar_3h', 'similar_48h', 'similar_mean'],
  factors: ['factor_match', 'factor_sum', 'factor_taste'],
  content: ['topic_share', 'own_topic_lift', 'topic_taste', 'word_match', 'nearest_match'],
} as const

export type FeatureGroup = keyof typeof FEATURE_GROUPS

/** What depends on who the viewer is. */
export const PERSONAL_GROUPS: readonly FeatureGroup[] = ['ownBelief', 'exposure', 'coClick', 'readers', 'factors', 'content']

export const FEATURES: readonly string[] = Object.values(FEATURE_GROUPS).flat()

export const groupOf = (feature: string): FeatureGroup =>
  (Object.keys(FEATURE_GROUPS) as FeatureGroup[]).find(group =>
    (FEATURE_GROUPS[group] as readonly string[]).includes(feature),
  ) as FeatureGroup
