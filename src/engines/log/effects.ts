// Applies the effect of a durable consumer and moves its offset. A row whose effect throws is set aside; the others go on. While
// the target of the effect is away, nothing is set aside.

import { sql } from 'kysely'
import { type Db, isDatabaseAway } from '../database/database.ts'
import type { DurableConsumerSpec } from './durable-consumer.ts'
import type { Position } from './log-rows.sql.ts'
import { advanceOffset, type ConsumerId } from './offset.sql.ts'
import { listDue, noteFailure, setAside, takeSetAside } from './set-aside.sql.ts'

export interface Move {
  from: Position
  to: Position
  /** Whether `to` is the end of the log. */
  atEnd: boolean
}

export interface Effects<Row> {
  /** Whether the effect and the offset were committed. If not, another process was faster. */
  applyAndAdvance(rows: Row[], move: Move): Promise<boolean>
  /** Tries rows again that were set aside and are due. */
  retryDue(): Promise<void>
}

/** More are no odd changes: the effect is broken. The consumer then stops, so that the log is not emptied into the table. */
const SET_ASIDE_MAX = 1_000
const DUE_MAX = 100
/** As long as a change that throws is retried (RETRY_DELAYS_MS): what a restart or a full queue of the target breaks works again. */
const BLOCKED_MS = 150_000

interface EffectsNeeds {
  db: Db
  retryDelaysMs: readonly number[]
  /** Milliseconds, monotonic. */
  clock(): number
  /** How many rows are set aside now. */
  countSetAside(): Promise<number>
}

export function createEffects<Row extends Position>(
  { log, name, effect, wants = () => true }: DurableConsumerSpec<Row>,
  { db, retryDelaysMs, clock, countSetAside }: EffectsNeeds,
): Effects<Row> {
  const id: ConsumerId = { log, name }
  const probe = (effect.where === 'elsewhere' && effect.probe) || (() => sql`select 1`.execute(db))
  /** The row that finds the target unavailable although the target answers. */
  let blocked: (Position & { since: number }) | undefined

  const targetAnswers = () =>
    probe().then(
      () => true,
      () => false,
    )
  /** Then no effect can succeed now, and the next `catchUp` tries again. */
  const isTargetAway = async (err: Error) => saysUnavailable(err) && !(await targetAnswers())

  async function isAtFault({ xid, seq }: Row, err: Error): Promise<boolean> {
    if (!saysUnavailable(err)) return true
    if (!(await targetAnswers())) blocked = undefined
    else if (blocked?.xid !== xid || blocked.seq !== seq) blocked = { xid, seq, since: clock() }
    return blocked !== undefined && clock() - blocked.since >= BLOCKED_MS
  }

  async function apply(rows: Row[], move: Move): Promise<boolean> {
    if (rows.length === 0) return advanceOffset(db, id, move)
    if (effect.where === 'elsewhere') {
      await effect.apply(rows)
      return advanceOffset(db, id, move)
    }
    return db.transaction().execute(async tx => {
      // First the offset: its row lock makes others wait, and then they find it moved.
      const moved = await advanceOffset(tx, id, move)
      if (moved) await effect.apply(rows, tx)
      return moved
    })
  }

  /** To find the rows whose effect throws. */
  async function applyOneByOne(rows: Row[], move: Move): Promise<boolean> {
    let { from } = move
    for (const row of rows) {
      const to = { xid: row.xid, seq: row.seq }
      const step = { from, to, atEnd: false }
      const moved = await apply([row], step).catch(async err => {
        if (!(await isAtFault(row, err))) throw err
        return setAsideAndAdvance(row, err, step)
      })
      if (!moved) return false
      from = to
    }
    return advanceOffset(db, id, { ...move, from })
  }

  async function setAsideAndAdvance(row: Row, err: Error, move: Move): Promise<boolean> {
    if ((await countSetAside()) >= SET_ASIDE_MAX)
      throw new Error(`consumer ${name} has ${SET_ASIDE_MAX} changes set aside: ${err.message}`, { cause: err })
    return db.transaction().execute(async tx => {
      const moved = await advanceOffset(tx, id, move)
      if (moved) await setAside(tx, id, { row, err, delayMs: retryDelaysMs[0] })
      return moved
    })
  }

  return {
    async applyAndAdvance(rows, move) {
      const wanted = rows.filter(row => wants(row))
      return apply(wanted, move).catch(async err => {
        if (await isTargetAway(err)) throw err
        return applyOneByOne(wanted, move)
      })
    },
    async retryDue() {
      for (const { id: key, row, attempts } of await listDue<Row>(db, id, DUE_MAX)) {
        try {
          if (effect.where === 'elsewhere') {
            await effect.apply([row])
            await takeSetAside(db, key)
          } else await db.transaction().execute(async tx => void ((await takeSetAside(tx, key)) && (await effect.apply([row], tx))))
        } catch (err) {
          if (await isTargetAway(err as Error)) throw err
          await noteFailure(db, key, err, retryDelaysMs[attempts])
        }
      }
    },
  }
}

function saysUnavailable(err: Error): boolean {
  // A change that is too slow may be what is wrong.
  return (err as { kind?: string }).kind === 'unavailable' || isDatabaseAway(err)
}
