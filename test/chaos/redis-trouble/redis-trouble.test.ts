import { TROUBLE_NAMES, testTroubles } from './scenario.ts'

testTroubles(TROUBLE_NAMES)
