// Those in which it matters how much of the log is read at once, with three deltas at a time.

import { storeSuite } from './store-suite.ts'

await storeSuite(3, /apply at once|far behind|made anew is read|so long to make|catches up from the log/)
