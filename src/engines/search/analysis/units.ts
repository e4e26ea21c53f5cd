// Canonical forms of units, and numbers without thousands' commas. A word and its canonical form have the same place, so either
// form finds both.

const UNITS: Record<string, string> = {
  km: '公里',
  千米: '公里',
  kg: '公斤',
  千克: '公斤',
  cm: '厘米',
  公分: '厘米',
  mm: '毫米',
  ml: '毫升',
  平米: '平方米',
  m2: '平方米',
  rmb: '人民币',
  usd: '美元',
  美金: '美元',
  gb: 'g',
}

export const canonicalUnit = (word: string): string | undefined => (Object.hasOwn(UNITS, word) ? UNITS[word] : undefined)

/** 1,000 → 1000. The lookahead reads three digits at most, so it costs the same for any text. */
export const withoutCommas = (text: string): string => text.replace(/(?<=\d),(?=\d{3}(?!\d))/g, '')
