// A list of words as text, for the command line and the back office: WORD, WORD,ACTION or WORD,ACTION,sound in each line. An empty
// line, or one that begins with #, is none.

import type { WordAction } from './words.schema.ts'

const ACTIONS = new Set<string>(['block', 'review', 'mask'] satisfies WordAction[])
const SOUND = 'sound'

export interface WordLine {
  /** The first has the number 1. */
  line: number
  word: string
  weights: 0
  action: WordAction
  by_sound: boolean
}

export interface WordLines {
  entries: WordLine[]
  /** Lines that say something else. */
  bad: { line: number; word: string }[]
}

export function parseWordLines(text: string): WordLines {
  const lines: WordLines = { entries: [], bad: [] }
  for (const [i, typed] of text.split(/\r?\n/).entries()) {
    const line = i + 1
    const trimmed = typed.trim()
    if (trimmed === '' || trimmed.startsWith('#')) continue
    const [word = '', action = '', sound = '', ...more] = trimmed.split(/[,，\t]/).map(part => part.trim())
    const isGood = word !== '' && (action === '' || ACTIONS.has(action)) && (sound === '' || sound === SOUND) && more.length === 0
    if (isGood) lines.entries.push({ line, word, weights: 0, action: (action || 'review') as WordAction, by_sound: sound === SOUND })
    else lines.bad.push({ line, word: trimmed })
  }
  return lines
}
