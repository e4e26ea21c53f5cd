// Why the server takes no word, in the language of the interface.

import { ApiError } from '../../shared/api/request.ts'
import { callApi } from '../api/client.ts'
import { listWords as words } from './words-words.ts'

const BY_MESSAGE: [RegExp, (...found: string[]) => string][] = [
  [/a word has at least (\d+) letters$/, words.tooShort],
  [/stands in (\d+) of the newest (\d+) articles$/, words.tooCommon],
  [/^word must have 1 to (\d+) characters$/, words.wrongLength],
  [/already exists$/, () => words.existsAlready],
  [/^\d+ is not exists$/, () => words.wordGone],
]

export function translateRefusal(message: string): string {
  for (const [pattern, sentence] of BY_MESSAGE) {
    const found = pattern.exec(message)
    if (found) return sentence(...found.slice(1))
  }
  return message
}

/** Changes the list of words. */
export async function changeWords(path: string, method: 'POST' | 'PUT' | 'DELETE', body?: object): Promise<void> {
  try {
    await callApi(`mis/sensitive_words${path}`, { method, body })
  } catch (err) {
    throw err instanceof ApiError ? new Error(translateRefusal(err.message), { cause: err }) : err
  }
}
