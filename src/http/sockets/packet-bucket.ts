// How many packets a socket may send. A bucket of tokens: it refills steadily, and holds enough for a burst.

export interface PacketRate {
  perSecond: number
  burst: number
}

/** A person types less; a client that upgrades its transport sends a handful at once. */
export const PACKET_RATE: PacketRate = { perSecond: 10, burst: 40 }

/** Returns a function that takes one token, and says whether there was one. `clock` is in milliseconds. */
export function createPacketBucket({ perSecond, burst }: PacketRate, clock: () => number): () => boolean {
  let tokens = burst
  let at = clock()
  return () => {
    const now = clock()
    tokens = Math.min(burst, tokens + ((now - at) / 1_000) * perSecond)
    at = now
    if (tokens < 1) return false
    tokens--
    return true
  }
}
