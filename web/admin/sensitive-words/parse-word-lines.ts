// Lines as `words import` of the command line reads them: WORD, WORD,ACTION or WORD,ACTION,sound.

import type { Word } from '../api/types.ts'

const ACTIONS = new Set<string>(['block', 'review', 'mask'] satisfies Word['action'][])
const SOUND = 'sound'

interface Entry {
  word: string
  weights: 0
  action: Word['action']
  by_sound: boolean
}

export function parseWordLines(text: string): { entries: Entry[]; bad: string[] } {
  const entries: Entry[] = []
  const bad: string[] = []
  for (const line of text.split('\n').map(each => each.trim())) {
    if (line === '') continue
    const [word = '', action = 'review', sound = '', ...more] = line.split(/[,，\t]/).map(part => part.trim())
    if (word === '' || !ACTIONS.has(action) || (sound !== '' && sound !== SOUND) || more.length > 0) bad.push(line)
    else entries.push({ word, weights: 0, action: action as Word['action'], by_sound: sound === SOUND })
  }
  return { entries, bad }
}
