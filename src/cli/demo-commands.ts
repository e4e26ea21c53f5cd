// `demo seed` and `demo clear`. The demo world's texts are loaded only here.

import { markDemoSeeded } from '../demo/demo-state.sql.ts'
import { type Command, withInfrastructure } from './command.ts'

export const DEMO_COMMANDS: Command[] = [
  {
    words: ['demo', 'seed'],
    operands: [],
    about: 'add the demo world',
    run: call =>
      withInfrastructure(call, async ({ config, database, log }) => {
        const { seedDemo } = await import('../demo/demo.ts')
        const result = await seedDemo({ db: database.db, seed: config.demo.seed, now: config.demo.now ?? Date.now(), log })
        await markDemoSeeded(database.db)
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
