// Fills text templates. A filled slot keeps its value for the whole article, so that title, lead and keywords agree.
// The syntax of slots is described in content/topic.ts.

import type { Random } from '../base/seeded-random.ts'
import type { Words } from './content/topic.ts'

const SLOT = /\{([a-z]+)(\d?)(?::([\d.]+)-([\d.]+))?\}/g
const SENTENCE_START = /(^|[.!?] |^“|[.!?] “)([a-z])/g

export interface TemplateFiller {
  fill(template: string): string
  /** The words used so far, each with the name of the list it came from. */
  listUsedWords(): { list: string; word: string }[]
}

export function createTemplateFiller({ random, words, english }: { random: Random; words: Words; english: boolean }): TemplateFiller {
  const values = new Map<string, string>()

  function fillSlot(_: string, name: string, digit: string, min?: string, max?: string): string {
    if (min && max) return fillNumber(name + digit, min, max)
    const known = values.get(name + digit)
    if (known !== undefined) return known
    const list = words[name]
    if (!list) throw new Error(`no words for {${name}${digit}}`)
    // `{city2}` and `{city}` are different words.
    const taken = new Set([values.get(name), values.get(`${name}2`)])
    const word = random.pick(list.filter(one => !taken.has(one)))
    values.set(name + digit, word)
    return word
  }

  /** The same number wherever name and range are the same. A later `{n}` without a range repeats the last one of its name. */
  function fillNumber(name: string, min: string, max: string): string {
    const key = `${name}:${min}-${max}`
    const number =
      values.get(key) ??
      (min.includes('.') ? random.between(Number(min), Number(max)).toFixed(1) : formatCount(random.int(Number(min), Number(max)), english))
    values.set(key, number)
    values.set(name, number)
    return number
  }

  return {
    fill(template) {
      const text = template.replace(SLOT, fillSlot)
      return english ? text.replace(SENTENCE_START, (_, before: string, letter: string) => before + letter.toUpperCase()) : text
    },
    listUsedWords: () => [...values].flatMap(([key, word]) => (key.includes(':') ? [] : [{ list: key.replace(/\d$/, ''), word }])),
  }
}

/** Rounds as a journalist would: 3,200 visitors, 170 chairs. */
function formatCount(count: number, english: boolean): string {
  if (count >= 1_000) {
    const rounded = Math.round(count / 100) * 100
    return english ? rounded.toLocaleString('en') : String(rounded)
  }
  return String(count >= 100 ? Math.round(count / 10) * 10 : count)
}
