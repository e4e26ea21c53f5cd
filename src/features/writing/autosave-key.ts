import { ID_MAX } from '../../base/id.ts'
import { digitsBetween } from '../../http/digits-pattern.ts'

export const AUTOSAVE_KEY_PATTERN = `^(?:new(?:-[2-9])?|${digitsBetween(1n, ID_MAX)})$`
export const AUTOSAVE_KEY_REFUSAL = 'article must be an id, or new'

/**
 * Where an unsaved text is kept: under the id of its article, or, before it has one, under `new`, `new-2` … `new-9`, so that an author
 * can write several at once. Those are 0 to -8, which no article has. `key` matches the pattern.
 */
export function parseAutosaveKey(key: string): bigint {
  const numbered = /^new(?:-([2-9]))?$/.exec(key)
  return numbered ? 1n - BigInt(numbered[1] ?? 1) : BigInt(key)
}
