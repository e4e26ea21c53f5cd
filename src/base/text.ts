// Normalises text that readers typed, before it is stored. Control characters go: PostgreSQL refuses NUL.

/** Text of several lines. */
export function normalizeText(typed: string): string {
  return typed
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}--[\n\t]]/gv, '')
    .trim()
}

/** Text of one line, such as a name. Invisible characters go too: with them, two different names could look the same. */
export function normalizeLine(typed: string): string {
  return normalizeText(typed)
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .normalize('NFC')
    .trim()
}

/** True for text without a visible character. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}]*$/u.test(text)
}

/** The number of Unicode code points, as PostgreSQL counts. */
export function countCharacters(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}
