// Why the server takes no word, in the language of the interface.

import { FOLDED_MIN, WORD_MAX } from '../../../src/features/moderation/word-limits.ts'
import { ApiError } from '../../shared/api/request.ts'
import { callApi } from '../api/client.ts'
import type { WordImport } from '../api/types.ts'
import { listWords as words } from './words-words.ts'

export const RULES: Record<WordImport['refused'][number]['rule'], string> = {
  length: words.wrongLength(WORD_MAX),
  'too-short': words.tooShort(FOLDED_MIN),
  'too-common': words.tooCommon,
}

const REASONS: Record<string, string> = { ...RULES, listed: words.existsAlready, gone: words.wordGone }

function sentenceOf({ message, refusal: { reason = '', field } }: ApiError): string {
  return REASONS[reason] ?? (field === 'word' ? RULES.length : message)
}

/** Changes the list of words. */
export async function changeWords(path: string, method: 'POST' | 'PUT' | 'DELETE', body?: object): Promise<void> {
  try {
    await callApi(`mis/sensitive_words${path}`, { method, body })
  } catch (err) {
    throw err instanceof ApiError ? new Error(sentenceOf(err), { cause: err }) : err
  }
}
