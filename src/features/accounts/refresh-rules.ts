// What a refresh token is worth (RFC 9700 §4.14.2). Each rotation replaces it by a successor of the next generation. A
// replaced token may still be used by a client that did not get the answer. Anything else means that two hold it: the session ends.

export interface RotationState {
  /** Of the newest refresh token. */
  generation: number
  /** Since the newest one replaced its predecessor. */
  secondsSinceRotation: number | null
  /** Whether the newest one has been used. */
  is_confirmed: boolean
  /** The last generation that was issued again after the grace period. */
  retried_generation: number | null
  /** How many generations were issued again within a day. */
  retriesToday: number
}

export type RefreshDecision =
  /** The newest token. */
  | 'current'
  /** Its predecessor within the grace period: parallel requests of one client get the same successor. */
  | 'repeat'
  /** Its predecessor later, while the successor was never used: its answer was lost. */
  | 'retry'
  /** A token that its client had replaced. */
  | 'replayed'
  /** A generation that this database has never issued, as after a restored backup. */
  | 'unknown'

const GRACE_SECONDS = 10 // requests in flight at the rotation
const RETRIES_PER_DAY = 3 // more answers than that are not lost by chance

export function decideRefresh(state: RotationState, presented: number): RefreshDecision {
  if (presented > state.generation) return 'unknown'
  if (presented === state.generation) return 'current'
  if (presented < state.generation - 1) return 'replayed'
  if (state.secondsSinceRotation !== null && state.secondsSinceRotation <= GRACE_SECONDS) return 'repeat'
  const mayRetry = !state.is_confirmed && state.retried_generation !== state.generation && state.retriesToday < RETRIES_PER_DAY
  return mayRetry ? 'retry' : 'replayed'
}
