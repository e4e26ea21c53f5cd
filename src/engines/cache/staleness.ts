// How old a cached value may be when it is served.

import { MINUTE } from '../../base/clock.ts'

// The change log invalidates every stale value, so this only bounds the damage of a bug in an invalidationKey. With jitter, a
// whole site's values have five minutes to be renewed in.
export const FRESH_MS = 10 * MINUTE
/** The change log reports a new row. Until then its absence costs at most a few queries a minute. */
export const ABSENT_MS = 30_000
/** How old a value may be while the change log cannot be followed. It bounds how stale a page can be. */
export const STALE_WITHOUT_LOG_MS = 2_000
/** Up to this age a value is served if it cannot be loaded again. */
export const STALE_IF_ERROR_MS = 10 * MINUTE
