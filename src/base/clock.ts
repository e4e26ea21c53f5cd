/** Returns milliseconds since 1970. Code takes its clock as an argument, so that tests can set the time. */
export type Clock = () => number

export const SECOND = 1_000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE
export const DAY = 24 * HOUR

/** A function that formats dates as the contract does: local time of `timeZone`, without a zone: 2019-11-05T09:30:00. */
export function createLocalTimeFormat(timeZone: string): (date: Date) => string {
  const format = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
  return date => format.format(date).replace(' ', 'T')
}
