import { SIZE } from '../../support/chaos-size.ts'
import { testTroubles } from './scenario.ts'
import { TROUBLES } from './troubles.ts'

const SMOKE = ['the network drops everything sent to Redis', "Redis's password is changed", 'Redis is killed and starts empty']

testTroubles(SIZE === 'full' ? Object.keys(TROUBLES) : SMOKE)
