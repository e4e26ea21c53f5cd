import { markDemoSeeded, readDemoState } from '../demo/demo-state.sql.ts'
import { openFingerprintOf } from './fingerprints.ts'
import type { Infrastructure } from './infrastructure.ts'

/**
 * Seeds the demo world, by default on the first start of an embedded, empty installation. It is seeded once: after
 * `demo clear` it stays away. A seed that was killed half-way is completed.
 */
export async function seedDemoOnce({ config, database: { db }, log }: Infrastructure): Promise<void> {
  const { when, seed, now } = config.demo
  if (when === 'never' || (when === 'first' && config.databaseUrl)) return
  const { seeded, hasOtherArticles } = await readDemoState(db)
  if (seeded || (when === 'first' && hasOtherArticles)) return
  // Loaded only here: no later start needs its texts.
  const { seedDemo } = await import('../demo/demo.ts')
  await seedDemo({ db, seed, now: now ?? Date.now(), fingerprintOf: await openFingerprintOf(db), log })
  await markDemoSeeded(db)
}
