import { SIZE } from '../../support/chaos-size.ts'
import { TROUBLE_NAMES, testTroubles } from './scenario.ts'

const SMOKE = ['the network drops everything sent to Redis', "Redis's password is changed", 'Redis is killed and starts empty']

testTroubles(SIZE === 'full' ? TROUBLE_NAMES : SMOKE)
