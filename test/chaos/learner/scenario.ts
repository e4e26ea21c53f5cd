// Kills a learner again and again while readers read, and compares it with one that was never interrupted.

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createSeededRandom } from '../../../src/base/seeded-random.ts'
import { cleanup } from '../../support/cleanup.ts'
import type { TestDatabase } from '../../support/database.ts'
import { createRowWriter } from '../../support/product-rows.ts'
import { clicksLearned, insertReadingLog, makeReadingLog, weightsOf } from '../../support/reading-log.ts'
import { eventually, within } from '../../support/waiting.ts'
import { startFollower } from './start-follower.ts'

const PROCESS = join(import.meta.dirname, 'learner-process.ts')
const PAGE_EVERY_MS = 5_000 // as in the reading log

export async function killLearners({ db, url }: TestDatabase, { kills, pagesARound }: { kills: number; pagesARound: number }) {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-learner-'))
  cleanup(() => rm(folder, { recursive: true, force: true }))
  const file = join(folder, 'killed')
  const rows = createRowWriter(db)
  const channel = await rows.insertChannel('科技')
  const articles = await rows.insertArticles(Array.from({ length: 40 }, () => ({ channel })))
  const random = createSeededRandom('kills')
  const from = Date.now() - 2 * kills * pagesARound * PAGE_EVERY_MS
  const whole = startFollower(db, join(folder, 'whole'))
  let clicks = 0

  for (let round = 1; round <= kills; round++) {
    const child = spawn(process.execPath, [PROCESS, url, file], { stdio: ['ignore', 'pipe', 'inherit'] })
    await within(once(child.stdout, 'data'), 'the learner follows')
    child.stdout.resume()
    const log = makeReadingLog({ pages: pagesARound, articles, from: from + round * pagesARound * PAGE_EVERY_MS, seed: round })
    clicks += log.filter(entry => entry.kind === 'behaviour').length
    const killedAt = random.int(1, log.length - 1)
    await insertReadingLog(db, log.slice(0, killedAt))
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
    await insertReadingLog(db, log.slice(killedAt))
    await whole.follower.catchUp()
  }
  const last = startFollower(db, file)
  for (const each of [whole, last])
    await eventually(
      async () => {
        await each.follower.catchUp()
        return clicksLearned(each.learner)
      },
      learned => learned >= clicks,
    )
  return { clicks, learned: clicksLearned(last.learner), weights: weightsOf(last.learner), uninterrupted: weightsOf(whole.learner) }
}
