// Reads dates as people, programs and databases write them: ISO 8601 in its long and its short form, with or without a time of
// day and a zone. A date that does not exist, such as the 30th of February, is none.

const ISO_8601 = /^(\d{4})(-?)(\d\d)\2(\d\d)(?:[T ](\d\d):?(\d\d)(?::?(\d\d)(?:[.,](\d+))?)?)? ?(?:(Z)|([+-]\d\d)(?::?(\d\d))?)?$/i

/** Earlier and later years are mistakes; beyond them, clocks of other zones show years that are no four digits. */
const YEAR_MIN = '1000'
const YEAR_MAX = '9998'

export interface IsoTime {
  /** Milliseconds since 1970, without the fraction of the second. */
  at: number
  /** The digits of that fraction. */
  fraction: string
  /** Without a time of day: `at` is the day's beginning. */
  isDay: boolean
}

/** Without a zone, the time is that of `localTime`, which formats a time as clocks there show it. Undefined if it is no such date. */
export function parseIsoTime(text: string, localTime: (at: Date) => string): IsoTime | undefined {
  const [, year, , month, day, hour, minute = '00', second = '00', fraction = '', utc, zoneHour, zoneMinute = '00'] =
    ISO_8601.exec(text) ?? []
  if (year === undefined || year < YEAR_MIN || year > YEAR_MAX) return undefined
  const time = `${year}-${month}-${day}T${hour ?? '00'}:${minute}`
  const asUtc = Date.parse(`${time}:${second}Z`)
  // Date.parse reads the 31st of June as the 1st of July.
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(time)) return undefined
  const at = utc ? asUtc : zoneHour ? Date.parse(`${time}:${second}${zoneHour}:${zoneMinute}`) : localToUtc(asUtc, localTime)
  return Number.isNaN(at) ? undefined : { at, fraction, isDay: hour === undefined }
}

const COMPLETE = /[T ]\d.*(Z|[+-]\d\d(:?\d\d)?)$/i
/** Longer than any date with nine digits of a second. */
const MOMENT_LENGTH_MAX = 40

/** Milliseconds since 1970 of a time of day with its zone: without one, it could be in any. Undefined if it is no such date. */
export function parseMoment(text: string): number | undefined {
  if (text.length > MOMENT_LENGTH_MAX || !COMPLETE.test(text)) return undefined
  const time = parseIsoTime(text, at => at.toISOString().slice(0, -1))
  return time && time.at + Number(time.fraction.slice(0, 3).padEnd(3, '0'))
}

/** The time at which local clocks show what UTC clocks show at `asUtc`. */
function localToUtc(asUtc: number, localTime: (at: Date) => string): number {
  const offset = (at: number) => Date.parse(`${localTime(new Date(at))}Z`) - at
  return asUtc - offset(asUtc - offset(asUtc)) // twice, because the offset at the result may differ
}
