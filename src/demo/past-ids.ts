import { EPOCH_MS } from '../base/snowflake.ts'

const WORKER = 1_023n
const FIRST_SEQUENCE = 2_048

/**
 * Makes ids for moments in the past, shaped like those of real rows: 19 digits, so that a client which cannot hold them
 * fails at its first start and not later. They use worker number 1023 and the upper half of the sequence. A process that
 * leases that number makes ids for later moments, and none makes 2,048 ids in one millisecond, so they never collide.
 */
export function createPastIds(): (atMs: number) => bigint {
  const lastSequence = new Map<number, number>()
  return atMs => {
    const ms = Math.floor(atMs)
    const sequence = (lastSequence.get(ms) ?? FIRST_SEQUENCE - 1) + 1
    if (sequence > 4_095) throw new Error('more than 2048 demo rows in one millisecond')
    lastSequence.set(ms, sequence)
    return (BigInt(ms - EPOCH_MS) << 22n) | (WORKER << 12n) | BigInt(sequence)
  }
}
