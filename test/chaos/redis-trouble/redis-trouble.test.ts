import { redisTroubles, TROUBLE_NAMES } from './scenario.ts'

redisTroubles(TROUBLE_NAMES)
