// The journeys about tokens, sign-in and HTTP: `npm test` runs them with the others, at the size that is promised. Here they
// belong to `npm run chaos -- security`, which so shows everything.

import { SIZE } from '../../support/chaos-size.ts'
import { runTogether } from '../../support/run-together.ts'

const JOURNEYS = 'token-forgery,sessions,sign-in,codes,mobile-change,idempotency,identity,key-rotation,second-factor,broken-http'

if (SIZE === 'full') await runTogether(`test/{journeys/{${JOURNEYS}},chaos/bad-input/bad-input}.test.ts`)
