import { runTogether } from '../support/run-together.ts'

runTogether('test/journeys/*.test.ts', { part: 1, parts: 4 })
