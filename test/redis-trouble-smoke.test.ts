import { testTroubles } from './chaos/redis-trouble/scenario.ts'

// All of them in test/chaos.
testTroubles(['the network swallows everything', 'the password is another', 'it is killed, and starts empty'])
