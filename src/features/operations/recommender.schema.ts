import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'
import { ProcessView } from './process.schema.ts'

const CountOrNull = Type.Union([Count(), Type.Null()])
const NumberOrNull = Type.Union([Type.Number(), Type.Null()])

export const RecommenderView = Type.Object({
  process: ProcessView,
  /** Feed pages that the process answered, by who made them. */
  pages: Type.Array(Type.Object({ source: Type.String(), count: Count() })),
  calls: Type.Array(Type.Object({ outcome: Type.String(), count: Count(), mean_ms: Type.Number() })),
  /** Empty in a process without the role `recommender`. */
  steps: Type.Array(
    Type.Object({
      step: Type.String(),
      runs: Count(),
      /** Candidates left after it. */
      mean_left: Type.Number(),
      mean_ms: NumberOrNull,
      removed: CountOrNull,
      failed: Count(),
    }),
  ),
  /** What was trained on the log each night, the newest first. */
  models: Type.Array(
    Type.Object({
      id: Type.String(),
      trained_at: Type.String(),
      state: Type.Union([
        Type.Literal('trial'),
        Type.Literal('live'),
        Type.Literal('replaced'),
        Type.Literal('refused'),
        Type.Literal('withdrawn'),
      ]),
      /** Why it was refused or withdrawn. */
      reason: Type.String(),
      held_out: Count(),
      /** On clicks that were held out, of the model and of what it has to beat. */
      ndcg10: Type.Object({
        trained: NumberOrNull,
        popularity: NumberOrNull,
        recency: NumberOrNull,
        online: NumberOrNull,
        live: NumberOrNull,
      }),
    }),
  ),
  /** The same of what says which articles the same readers read. */
  factors: Type.Array(
    Type.Object({
      trained_at: Type.String(),
      state: Type.Union([Type.Literal('live'), Type.Literal('refused')]),
      model: Type.Union([Type.Literal('ials'), Type.Literal('ease'), Type.Null()]),
      reason: Type.String(),
      readers: Count(),
      articles: Count(),
      ndcg10: Type.Object({
        ials: NumberOrNull,
        ease: NumberOrNull,
        popularity: NumberOrNull,
        recency: NumberOrNull,
        live: NumberOrNull,
      }),
    }),
  ),
  days: Type.Array(
    Type.Object({
      day: Type.String(),
      /** Null for a day whose pages are deleted. */
      pages: CountOrNull,
      served: CountOrNull,
      exposures: Count(),
      clicks: Count(),
      feed_clicks: Count(),
      reads: Count(),
      /** Clicks from the feed for each exposure. Null without exposures, which some clients do not send. */
      click_rate: NumberOrNull,
    }),
  ),
})
