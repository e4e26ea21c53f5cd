import { runTogether } from '../support/run-together.ts'

runTogether('test/browser/*.test.ts')
