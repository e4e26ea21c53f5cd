// Numbers of the feed that several files share and no policy changes.

import { DAY, HOUR, MINUTE, SECOND } from '../base/clock.ts'

/** For how long an article that the viewer has seen does not return. pages/seen.sql.ts defines "seen". */
export const SEEN_DAYS = 30
/** For how long pages are kept: readers return to one within hours, and clicks are attributed to it for two days. */
export const PAGE_DAYS = 3
/** For how long an article that was served and perhaps not seen gives way to all others. */
export const RECENTLY_SERVED_MS = 2 * HOUR
export const HISTORY_TIMES = { seenDays: SEEN_DAYS, recentlyServedMs: RECENTLY_SERVED_MS }
/** The same unknown cursor again within this time is a retry and gets the same page. */
export const RETRY_MS = 2 * MINUTE
/** A cursor further from the server's clock is no time at all: some clients send one constant for every refresh. */
export const CLOCK_ERROR_MAX_MS = DAY
/** How long such a cursor may be retried: longer than a client's immediate retry, shorter than pulling to refresh twice. */
export const CONSTANT_RETRY_MS = 2 * SECOND
/** Articles per ranking: eight pages. By then most readers have done something that makes the ranking stale. */
export const RANKED_COUNT = 80

/** A viewer who still scrolls in an older list gets the current one. */
export const SHARED_LIST_TTL_MS = 2 * HOUR
