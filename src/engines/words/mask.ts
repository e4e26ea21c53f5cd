/** The text with an asterisk for each character that one of the ranges covers. `places`: where the units of the ranges stand. */
export function maskRanges(text: string, ranges: readonly { from: number; to: number }[], places?: readonly number[]): string {
  const units = text.split('')
  for (const { from, to } of ranges)
    for (let i = from; i < to; i++) {
      const place = places ? (places[i] as number) : i
      const unit = text.charCodeAt(place)
      // Of a pair of units the second one goes, so that one asterisk is left. Signs of HTML stay.
      if (!/[\s<>&]/.test(text[place] as string)) units[place] = unit >= 0xdc00 && unit < 0xe000 ? '' : '*'
    }
  return units.join('')
}
