/** The text with an asterisk for each character that one of the ranges covers. `places`: where the units of the ranges stand. */
export function maskRanges(text: string, ranges: readonly { from: number; to: number }[], places?: ArrayLike<number>): string {
  if (ranges.length === 0) return text
  const isMasked = new Uint8Array(text.length)
  for (const { from, to } of ranges) for (let i = from; i < to; i++) isMasked[places ? (places[i] as number) : i] = 1
  const pieces: string[] = []
  let kept = 0
  for (let place = isMasked.indexOf(1); place >= 0; place = isMasked.indexOf(1, place + 1)) {
    if (/[\s<>&]/.test(text[place] as string)) continue // signs of HTML stay
    const unit = text.charCodeAt(place)
    // Of a pair of units the second one goes, so that one asterisk is left.
    pieces.push(text.slice(kept, place), unit >= 0xdc00 && unit < 0xe000 ? '' : '*')
    kept = place + 1
  }
  return pieces.join('') + text.slice(kept)
}
