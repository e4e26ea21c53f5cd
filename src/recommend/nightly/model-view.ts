import type { Ranking } from './gate.ts'
import type { TrainedModelRow } from './trained-models.sql.ts'

/** A night's model as operators see it. */
export interface ModelView {
  id: string
  trained_at: string
  state: TrainedModelRow['state']
  /** Why it was refused or withdrawn. */
  reason: string
  held_out: number
  /** On the clicks that were held out; null if nothing was trained, or no model was live. */
  ndcg10: Record<Ranking, number | null>
}

export const toModelView = ({ id, trainedAt, state, reason, figures: { held_out, ndcg10 } }: TrainedModelRow): ModelView => ({
  id: String(id),
  trained_at: trainedAt.toISOString(),
  state,
  reason,
  held_out,
  ndcg10: {
    trained: ndcg10.trained ?? null,
    popularity: ndcg10.popularity ?? null,
    recency: ndcg10.recency ?? null,
    online: ndcg10.online ?? null,
    live: ndcg10.live ?? null,
  },
})
