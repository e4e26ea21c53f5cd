import { runTogether } from '../support/run-together.ts'

runTogether('test/journeys/*.test.ts', { part: 3, parts: 4 })
