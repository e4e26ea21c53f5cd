// A pseudo-random generator: the same seeds give the same numbers on every machine and in every version of Node.

export interface Random {
  /** At least 0, less than 1. */
  next(): number
  /** A whole number from `min` to `max`, both included. */
  int(min: number, max: number): number
  between(min: number, max: number): number
  chance(probability: number): boolean
  pick<T>(list: readonly T[]): T
  /** An index into `weights`; the probability of each index is proportional to its weight. */
  weighted(weights: ArrayLike<number>): number
  shuffle<T>(list: readonly T[]): T[]
  /** Normally distributed, mean 0, standard deviation 1. */
  normal(): number
}

/** Use one generator for each independent part: a draw added to one does not change the others. */
export function createSeededRandom(...seeds: (number | bigint | string)[]): Random {
  let [a, b, c, d] = hash(seeds.join('/'))

  // sfc32 (PractRand): four 32-bit words of state, no known statistical weakness at this size.
  function next(): number {
    const t = (a + b + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = ((c << 21) | (c >>> 11)) + t
    return (t >>> 0) / 2 ** 32
  }
  for (let i = 0; i < 12; i++) next() // the first dozen outputs of similar seeds are correlated

  const int = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  return {
    next,
    int,
    between: (min, max) => min + next() * (max - min),
    chance: probability => next() < probability,
    pick: list => {
      if (list.length === 0) throw new Error('cannot pick from an empty list')
      return list[int(0, list.length - 1)] as (typeof list)[number]
    },
    weighted(weights) {
      let total = 0
      for (let i = 0; i < weights.length; i++) total += weights[i] as number
      let left = next() * total
      for (let i = 0; i < weights.length; i++) {
        left -= weights[i] as number
        if (left < 0) return i
      }
      return weights.length - 1
    },
    shuffle(list) {
      const copy = [...list]
      for (let i = copy.length - 1; i > 0; i--) {
        const j = int(0, i)
        const kept = copy[i] as (typeof copy)[number]
        copy[i] = copy[j] as (typeof copy)[number]
        copy[j] = kept
      }
      return copy
    },
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
  }
}

/** Four words of state: FNV-1a with four different offset bases. */
function hash(text: string): [number, number, number, number] {
  const words = [0x811c9dc5, 0x1b873593, 0x2545f491, 0x6c078965].map(start => {
    let word = start
    for (let i = 0; i < text.length; i++) word = Math.imul(word ^ text.charCodeAt(i), 0x01000193)
    return word ^ (word >>> 15)
  })
  return words as [number, number, number, number]
}
