// What the server acknowledged: all of it must be there after a kill.

import assert from 'node:assert/strict'

export interface Reader {
  id: bigint
  token: string
  /** Position of channel 1 in the reader's channel list: the last acknowledged, and the last requested. */
  position: { acknowledged: number; requested: number }
}

export interface ServedPage {
  reader: Reader
  /** The `timestamp` parameter that asks for this page again. */
  cursor: bigint
  id: bigint
  content: unknown
}

/** A click that opened an article. */
export interface Open {
  viewer: string
  pageId: bigint
  articleId: bigint
  /** In milliseconds of `performance.now()`. */
  at: number
  /** A verification has found its row: from then on it must not be lost. */
  isStored?: true
}

export function createLedger() {
  const ownerById = new Map<bigint, string>()
  return {
    readers: [] as Reader[],
    /** Reader ids by session id. */
    sessions: new Map<bigint, bigint>(),
    pages: [] as ServedPage[],
    opens: [] as Open[],
    figures: { patches: 0, rechecked: 0, opensLost: 0, oldestLostMs: 0, starts: [] as number[], killedStarts: 0, refused: 0 },
    ids: () => ownerById.size,
    /** Fails if another owner was given the same id. */
    recordId(id: bigint, owner: string): void {
      assert.equal(ownerById.get(id) ?? owner, owner, `the id ${id} was given twice`)
      ownerById.set(id, owner)
    },
  }
}
export type Ledger = ReturnType<typeof createLedger>
