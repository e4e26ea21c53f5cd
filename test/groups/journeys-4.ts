import { runTogether } from '../support/run-together.ts'

runTogether('test/journeys/*.test.ts', { part: 4, parts: 4 })
