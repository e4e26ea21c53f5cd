import { formatAgeOf, formatTimeOf, parseLocalTime } from '../../shared/time.ts'

/** A moment, as the contract writes it (local time of the site) or as we do (UTC, with a Z). A dash for none. */
export function When({ at, isExact = false }: { at: string | null; isExact?: boolean }) {
  if (at === null) return '–'
  const ms = at.endsWith('Z') ? Date.parse(at) : parseLocalTime(at)
  const exact = formatTimeOf(ms)
  return (
    <time dateTime={new Date(ms).toISOString()} title={exact}>
      {isExact ? exact : formatAgeOf(ms)}
    </time>
  )
}
