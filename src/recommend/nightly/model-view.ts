import { RANKINGS, type Ranking } from './gate.ts'
import { toNdcgView } from './ndcg-view.ts'
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
  ndcg10: toNdcgView(RANKINGS, ndcg10),
})
