import { runTogether } from '../support/run-together.ts'

runTogether('test/journeys/*.test.ts', { part: 2, parts: 4 })
