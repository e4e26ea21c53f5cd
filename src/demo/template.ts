// Turns templates into texts. What a slot was filled with is remembered for the article, so that its title, its first
// paragraph and its keywords speak of the same thing.

import type { Random } from '../base/seeded-random.ts'
import type { Words } from './content/topic.ts'

const SLOT = /\{([a-z]+)(\d?)(?::([\d.]+)-([\d.]+))?\}/g

export interface TemplateFiller {
  /** Fills the slots of a template. */
  fill(template: string): string
  /** Words that were used so far, with the lists they came from. */
  listUsedWords(): { list: string; word: string }[]
}

export function createTemplateFiller({ random, words, english }: { random: Random; words: Words; english: boolean }): TemplateFiller {
  const bound = new Map<string, string>()

  function fill(_: string, name: string, other: string, min?: string, max?: string): string {
    if (min && max) return number(`${name}${other}`, min, max)
    const known = bound.get(name + other)
    if (known !== undefined) return known
    const list = words[name]
    if (!list) throw new Error(`no words for {${name}${other}}`)
    // `{city2}` must not be `{city}`: two places, two people.
    const taken = new Set([bound.get(name), bound.get(`${name}2`)])
    const word = random.pick(list.filter(one => !taken.has(one)))
    bound.set(name + other, word)
    return word
  }

  /** The same number wherever name and range are the same; a bare `{n}` repeats the last one of that name. */
  function number(name: string, min: string, max: string): string {
    const key = `${name}:${min}-${max}`
    const known = bound.get(key)
    const text =
      known ??
      (min.includes('.') ? random.between(Number(min), Number(max)).toFixed(1) : round(random.int(Number(min), Number(max)), english))
    bound.set(key, text)
    bound.set(name, text)
    return text
  }

  return {
    fill(template) {
      const text = template.replace(SLOT, fill)
      return english
        ? text.replace(/(^|[.!?] |^“|[.!?] “)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase())
        : text
    },
    listUsedWords: () => [...bound].flatMap(([key, word]) => (key.includes(':') ? [] : [{ list: key.replace(/\d$/, ''), word }])),
  }
}

/** People write 3,200 visitors and 170 chairs: the last digits of a large count are nobody's memory. */
function round(value: number, english: boolean): string {
  if (value >= 1_000) {
    const hundreds = Math.round(value / 100) * 100
    return english ? hundreds.toLocaleString('en') : String(hundreds)
  }
  return String(value >= 100 ? Math.round(value / 10) * 10 : value)
}
