import { runRemaining } from '../support/run-together.ts'

await runRemaining()
