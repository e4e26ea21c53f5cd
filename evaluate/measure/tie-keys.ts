import { fnv1a } from './fnv1a.ts'

/** Orders equal scores, by impression and article. */
export const tieKeysOf = (impression: string, articles: string[]): Uint32Array =>
  Uint32Array.from(articles, article => fnv1a(`${impression}:${article}`))

/** A ranking by chance; another than that of the tie keys. */
export const randomScores = (tieKeys: Uint32Array): Float64Array => Float64Array.from(tieKeys, key => (key * 0x9e3779b1) % 2 ** 32)
