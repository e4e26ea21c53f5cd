import { SIZE } from '../../support/chaos-size.ts'
import { testTroubles } from './scenario.ts'
import { TROUBLES } from './troubles.ts'

// The caches, counts, limits and connections have the others, each for itself: src/engines.
const SMOKE = ['the network drops everything sent to Redis']

testTroubles(SIZE === 'full' ? Object.keys(TROUBLES) : SMOKE)
