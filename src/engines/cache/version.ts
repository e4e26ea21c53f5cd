// Places in the change log as text of one length, which sorts as they do: in memory, and in Redis' Lua, whose numbers are
// not exact beyond 2^53.

/** 20 digits of transaction and 20 of sequence: both are 64 bits. */
export type Version = string

export const VERSION_MIN: Version = '0'.repeat(40)

export function versionAt({ xid, seq }: { xid: string; seq: bigint }): Version {
  return xid.padStart(20, '0') + seq.toString().padStart(20, '0')
}
