// What people typed, as it is stored: the database takes no NUL, and nobody means the other control characters.

/** Text of several lines. */
export function normalizeText(typed: string): string {
  return typed
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[\p{Cc}--[\n\t]]/gv, '')
    .trim()
}

/** Text of one line, such as a name: without characters nobody sees, by which two names could look the same. */
export function normalizeLine(typed: string): string {
  return normalizeText(typed)
    .replace(/\p{Cf}/gu, '')
    .replace(/\s+/g, ' ')
    .normalize('NFC')
    .trim()
}

/** Whether nothing of this is to be seen. */
export function isBlank(text: string): boolean {
  return /^[\s\p{Cf}]*$/u.test(text)
}

/** How many characters people count; a pair of surrogates is one, as it is to the database. */
export function countCharacters(text: string): number {
  let length = 0
  for (const _ of text) length++
  return length
}
