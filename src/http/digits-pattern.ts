// A regular expression for the whole numbers between two bounds.

/** `zeros` is `0*` if zeros may lead. The result has no anchors. */
export function digitsBetween(min: bigint, max: bigint, zeros: '' | '0*' = ''): string {
  if (min < 0n) return `(?:-${digitsBetween(max < 0n ? -max : 0n, -min, zeros)}|${max < 0n ? '(?!)' : digitsBetween(0n, max, zeros)})`
  const excluded = min > 0n ? `(?!${zeros}${upTo(min - 1n)}(?![0-9]))` : ''
  return excluded + zeros + upTo(max)
}

/** From 0 on: numbers with fewer digits than `max`, and those that are less than it at their first different digit. */
function upTo(max: bigint): string {
  const digits = max.toString()
  const rest = (count: number) => (count === 0 ? '' : count === 1 ? '[0-9]' : `[0-9]{${count}}`)
  const alternatives = [digits]
  for (const [i, digit] of [...digits].entries()) {
    const lowest = i === 0 && digits.length > 1 ? 1 : 0
    const highest = Number(digit) - 1
    if (highest < lowest) continue
    const one = highest === lowest ? `${lowest}` : `[${lowest}-${highest}]`
    alternatives.push(digits.slice(0, i) + one + rest(digits.length - i - 1))
  }
  if (digits.length === 2) alternatives.push('[0-9]')
  if (digits.length > 2) alternatives.push('0', `[1-9][0-9]{0,${digits.length - 2}}`)
  return `(?:${alternatives.join('|')})`
}
