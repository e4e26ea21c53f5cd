// `demo seed` and `demo clear`. The demo world's texts are loaded only here.

import { openFingerprintOf } from '../app/fingerprints.ts'
import { markDemoSeeded } from '../demo/demo-state.sql.ts'
import { type Command, withInfrastructure } from './command.ts'

export const DEMO_COMMANDS: Command[] = [
  {
    words: ['demo', 'seed'],
    operands: [],
    about: 'add the demo world',
    run: call =>
      withInfrastructure(call, async ({ config, database: { db }, log }) => {
        const { seedDemo } = await import('../demo/demo.ts')
        const { seed, now = Date.now() } = config.demo
        const result = await seedDemo({ db, seed, now, fingerprintOf: await openFingerprintOf(db), log })
        await markDemoSeeded(db)
        return { result, exitCode: 0 }
      }),
  },
  {
    words: ['demo', 'clear'],
    operands: [],
    about: 'remove the demo world',
    run: call =>
      withInfrastructure(call, async ({ database, log }) => {
        const { clearDemo } = await import('../demo/demo.ts')
        return { result: await clearDemo({ db: database.db, log }), exitCode: 0 }
      }),
  },
]
