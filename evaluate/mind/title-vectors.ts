// TF-IDF vectors of titles, as the protocol defines them.

import { createIndices } from '../measure/indices.ts'

export interface TitleVector {
  words: Int32Array
  weights: Float64Array
}

// biome-ignore format: the words of the protocol
const STOP_WORDS = new Set(
  'a an the of to in on at for and or is are was were be been by with from as it its this that these those his her he she they you your i we our not no but so than then just after before over out up down off into about how what why when who which will would can could should may new s t re ll'.split(' '),
)

const wordsOf = (title: string): string[] => (title.toLowerCase().match(/[a-z0-9]+/g) ?? []).filter(word => !STOP_WORDS.has(word))

export function createTitleVectors(titles: Iterable<string>) {
  const { indexOf } = createIndices<string>()
  const articlesWith: number[] = []
  let count = 0
  for (const title of titles) {
    count++
    for (const word of new Set(wordsOf(title))) {
      const index = indexOf(word)
      articlesWith[index] = (articlesWith[index] ?? 0) + 1
    }
  }

  const rarityOf = (word: number) => Math.log((1 + count) / (1 + (articlesWith[word] ?? 0))) + 1

  return {
    vectorOf(title: string): TitleVector {
      const frequencies = new Map<number, number>()
      for (const word of wordsOf(title)) frequencies.set(indexOf(word), (frequencies.get(indexOf(word)) ?? 0) + 1)
      const weights = Float64Array.from(frequencies, ([word, times]) => (1 + Math.log(times)) * rarityOf(word))
      const length = Math.hypot(...weights) || 1
      return { words: Int32Array.from(frequencies.keys()), weights: weights.map(weight => weight / length) }
    },
    /** The cosine of a title to the mean of others. */
    similarityToMean(profile: readonly TitleVector[]): (vector: TitleVector) => number {
      const mean = new Map<number, number>()
      for (const { words, weights } of profile)
        for (let i = 0; i < words.length; i++)
          mean.set(words[i] as number, (mean.get(words[i] as number) ?? 0) + (weights[i] as number) / profile.length)
      let square = 0
      for (const weight of mean.values()) square += weight * weight
      const length = Math.sqrt(square) || 1
      return ({ words, weights }) => {
        let product = 0
        for (let i = 0; i < words.length; i++) product += (weights[i] as number) * (mean.get(words[i] as number) ?? 0)
        return product / length
      }
    },
  }
}

export type TitleVectors = ReturnType<typeof createTitleVectors>
