/** Milliseconds since 1970. Time is an argument everywhere, so that tests never sleep to see it pass. */
export type Clock = () => number

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** Formats moments as the contract does: local time of `timeZone`, ISO without a zone, e.g. 2019-11-05T09:30:00. */
export function createLocalTimeFormat(timeZone: string): (at: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return at => format.format(at).replace(' ', 'T')
}
