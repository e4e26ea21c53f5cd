// A fingerprint of a text: similar texts have fingerprints that differ in few bits (Charikar 2002, "Similarity estimation
// techniques from rounding algorithms"; with 64 bits and 3 differing ones as Manku et al. 2007 use it for web pages).

import { hash as digestOf } from 'node:crypto'

const BITS = 64
const BAND_BITS = 16n
const BANDS = 4
/** A text of fewer words has too few features: any two would look alike. */
const WORDS_MIN = 12

/** Undefined for a text that is too short. Each distinct pair of neighbouring words counts as often as it occurs. */
export function simhashOf(words: string[]): bigint | undefined {
  if (words.length < WORDS_MIN) return undefined
  const balance = new Int32Array(BITS)
  for (let i = 1; i < words.length; i++) {
    // A character for each byte: a quarter of the time that a Hash object and a Buffer take.
    const digest = digestOf('md5', `${words[i - 1]} ${words[i]}`, 'binary')
    for (let bit = 0; bit < BITS; bit++) balance[bit] = (balance[bit] as number) + ((digest.charCodeAt(bit >> 3) >> (bit & 7)) & 1 ? 1 : -1)
  }
  let hash = 0n
  for (let bit = 0; bit < BITS; bit++) if ((balance[bit] as number) > 0) hash |= 1n << BigInt(bit)
  return BigInt.asIntN(BITS, hash)
}

/** The quarters of a fingerprint, each with its number in front. */
export const bandsOf = (hash: bigint): number[] =>
  Array.from({ length: BANDS }, (_, band) => band * 2 ** Number(BAND_BITS) + Number(BigInt.asUintN(16, hash >> (BigInt(band) * BAND_BITS))))
