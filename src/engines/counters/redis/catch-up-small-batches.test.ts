// With three deltas in a batch shards are at different watermarks all the time.

import { catchUpContract } from './catch-up.contract.ts'

await catchUpContract(3)
