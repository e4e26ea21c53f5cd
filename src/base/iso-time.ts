// Reads dates as people and programs write them: ISO 8601, with or without a time of day and a zone.

const ISO_8601 = /^(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:\.(\d+))?)?)? ?(Z|[+-]\d\d:?\d\d)?$/i

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
  const [, day, minute, second = '00', fraction = '', zone] = ISO_8601.exec(text) ?? []
  const time = `${day}T${minute ?? '00:00'}`
  const asUtc = Date.parse(`${time}:${second}Z`)
  // Date.parse reads the 31st of June as the 1st of July.
  if (Number.isNaN(asUtc) || !new Date(asUtc).toISOString().startsWith(time)) return undefined
  const at = zone ? Date.parse(`${time}:${second}${zone.toUpperCase().replace(/(\d\d)(\d\d)$/, '$1:$2')}`) : localToUtc(asUtc, localTime)
  return { at, fraction, isDay: minute === undefined }
}

/** The time at which local clocks show what UTC clocks show at `asUtc`. */
function localToUtc(asUtc: number, localTime: (at: Date) => string): number {
  const offset = (at: number) => Date.parse(`${localTime(new Date(at))}Z`) - at
  return asUtc - offset(asUtc - offset(asUtc)) // twice, because the offset at the result may differ
}
