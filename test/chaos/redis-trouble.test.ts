import { redisTroubles, TROUBLE_NAMES } from '../redis-trouble-rounds.ts'

redisTroubles(TROUBLE_NAMES)
