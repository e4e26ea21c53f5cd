// The version of a cached value: the position in the change log up to which its loader had seen every change. It is text of
// one length that sorts as positions do, because numbers in Redis' Lua are not exact beyond 2^53.

import type { Position } from '../log/log-rows.sql.ts'

/** 20 digits of the transaction id and 20 of the sequence; both are 64 bits. */
export type Version = string

export const VERSION_MIN: Version = '0'.repeat(40)

export function versionAt({ xid, seq }: Position): Version {
  return xid.padStart(20, '0') + seq.toString().padStart(20, '0')
}
