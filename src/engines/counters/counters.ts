// The counts of the product: likes, reads, followers. Two engines implement this port. The table engine (table.ts) reads
// PostgreSQL and is exact. The Redis engine (redis/read.ts) reads a projection of the same deltas, at most a second behind.

import type { Viewer } from '../../base/viewer.ts'
import type { ChangedCounts } from './changed-counts.ts'
import type { CounterKind } from './kinds.ts'

export { COUNTER_KINDS, type CounterKind, isCounterKind } from './kinds.ts'

export interface Counters {
  /**
   * The counts of several kinds for several ids, in one round trip. An id without a count has 0; an unknown kind throws.
   * If a viewer is given, the counts include all that viewer has done.
   */
  read<K extends CounterKind>(kinds: readonly K[], ids: readonly bigint[], viewer?: Viewer): Promise<(id: bigint, kind: K) => number>
  /** Call it after the commit and before the answer, so that the viewer's next read includes the write. Never throws; takes 0.3 s at most. */
  noteOwnWrite(viewer: Viewer, kinds: readonly CounterKind[], ids: readonly bigint[]): Promise<void>
  /** For a cache of counts of these kinds. Undefined: this engine cannot say what has changed. */
  followChanges(kinds: readonly CounterKind[]): ChangedCounts | undefined
  /** The parts a count is made of, for debugging. */
  explain(kind: CounterKind, id: bigint): Promise<CountExplanation>
}

/** A count is right if `truth = store + pending`. */
export interface CountExplanation {
  /** Counted from the rows. */
  truth: number
  /** What the engine has stored. */
  store: number
  /** Deltas the store does not contain yet. */
  pending: number
  /** `table` also with Redis configured, if its shard cannot be read at the moment. */
  engine: 'table' | 'redis'
}
