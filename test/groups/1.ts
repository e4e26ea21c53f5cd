// One of the processes of `npm test`: each takes files until none is left (docs/testing.md).

import { runRemaining } from '../support/run-together.ts'

await runRemaining({ from: 'start' })
