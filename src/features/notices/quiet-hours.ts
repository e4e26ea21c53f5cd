export interface QuietHours {
  /** Minutes of the day. Both are null, or neither. */
  quiet_from: number | null
  quiet_to: number | null
}

/** Whether a minute of the day lies in the quiet hours, which may go past midnight. */
export function isQuiet({ quiet_from: from, quiet_to: to }: QuietHours, minute: number): boolean {
  if (from === null || to === null || from === to) return false
  return from < to ? minute >= from && minute < to : minute >= from || minute < to
}

/** The minute of the day in a time zone. */
export function createMinuteOfDay(zone: string): (at: number) => number {
  const format = new Intl.DateTimeFormat('en-GB', { timeZone: zone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' })
  return at => {
    const [hour = 0, minute = 0] = format.format(at).split(':').map(Number)
    return hour * 60 + minute
  }
}
