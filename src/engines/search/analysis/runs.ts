// Splits normalised text into runs: Chinese (and kana, hangul), which is segmented later, and words of letters and digits. Any
// other character is a separator.

export interface Run {
  kind: 'han' | 'word'
  text: string
  /** Where it begins in the text. */
  start: number
  /** Where it begins when only the characters of runs are counted: punctuation and spaces take no place. */
  place: number
}

// One pass, no backtracking: each alternative begins with a character that no other one begins with.
// A word may have `.`, `-`, `'`, `_` or `&` between two of its characters, and + or # at its end: 5w-30, c++, at&t, 3.5.
const RUN =
  /([\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]+)|[[\p{L}\p{N}\p{M}]--[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Hangul}]]+/gv
const JOINT = /^[.\-'_&]$/
const TAIL = /[+#]/

export function runsOf(text: string): Run[] {
  const runs: Run[] = []
  let place = 0
  let last: Run | undefined
  for (const match of text.matchAll(RUN)) {
    const [piece, han] = match
    const start = match.index
    if (han !== undefined) {
      last = { kind: 'han', text: piece, start, place }
      runs.push(last)
      place += piece.length
      continue
    }
    const gap = last && last.kind === 'word' ? text.slice(last.start + last.text.length, start) : undefined
    if (last && gap !== undefined && (gap === '' || JOINT.test(gap))) {
      last.text += gap + piece
      place += piece.length
      continue
    }
    last = { kind: 'word', text: piece, start, place }
    runs.push(last)
    place += piece.length
  }
  for (const run of runs) if (run.kind === 'word') run.text += tailOf(text, run.start + run.text.length)
  return runs
}

/** `c++` and `c#`: at most two signs, which take no place of their own. */
function tailOf(text: string, end: number): string {
  let tail = ''
  while (tail.length < 2 && TAIL.test(text[end + tail.length] ?? '')) tail += text[end + tail.length]
  return tail
}

/** The parts of a word at the borders of letters, digits and joints, and how many letters and digits stand before each: iphone8 → iphone, 8. */
export function partsOf(word: string): { text: string; at: number }[] {
  let at = 0
  return (word.match(/\p{N}+|[\p{L}\p{M}]+/gu) ?? []).map(text => {
    const part = { text, at }
    at += text.length
    return part
  })
}

/** F-35 is F35, and node.js nodejs; but 3.5 is not 35. Undefined for a word without joints. */
export function joined(word: string): string | undefined {
  const whole = word.replace(/(?<!\d)\.|\.(?!\d)|[-'_&]/g, '').replace(/[+#]+$/, '')
  return whole === word ? undefined : whole
}
