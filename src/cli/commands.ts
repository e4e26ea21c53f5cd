// Every command: its words, its operands, and what it does.

import { resolve } from 'node:path'
import { markDemoSeeded } from '../app/demo.ts'
import { type Foundation, openFoundation } from '../app/foundation.ts'
import { findServer } from '../app/presence.ts'
import { createSignIn } from '../app/reading.ts'
import { VERSION } from '../app/version.ts'
import { cleanHtml } from '../base/html.ts'
import { parseId } from '../base/id.ts'
import type { Log } from '../base/log.ts'
import { snowflakeParts } from '../base/snowflake.ts'
import type { Config } from '../config.ts'
import { DEMO_CODE } from '../features/accounts/codes.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'

export class UsageError extends Error {}

export interface Call {
  config: Config
  log: Log
  operands: string[]
  /** Where the caller stands: relative files are meant from here. */
  folder: string
  options: { 'dry-run'?: boolean; mobile?: string; kind?: string }
  signal: AbortSignal
}

export interface Outcome {
  result: object
  exitCode: number
}

export interface Command {
  words: string[]
  operands: string[]
  flags?: string[]
  about: string
  run(call: Call): Promise<Outcome>
}

const MOBILE = /^1[3-9]\d{9}$/

export const COMMANDS: Command[] = [
  {
    words: ['info'],
    operands: [],
    about: 'where the server is and how to sign in',
    async run({ config }) {
      const server = await findServer(config.dataDir)
      const sign_in = config.smsUrl ? 'with a code sent to a mobile number' : `13911111111, code ${DEMO_CODE}`
      const { url = null, grpc = null, pid = null } = server ?? {}
      return { result: { version: VERSION, url, grpc, data_dir: config.dataDir, pid, sign_in }, exitCode: 0 }
    },
  },
  {
    words: ['import', 'articles'],
    operands: ['FILE'],
    flags: ['[--dry-run]'],
    about: 'take in articles from JSON Lines or CSV, gzipped or not',
    run: call =>
      withFoundation(call, foundation =>
        importCommand({
          ...ingestNeeds(foundation),
          file: resolve(call.folder, call.operands[0] as string),
          dryRun: call.options['dry-run'],
          signal: call.signal,
        }),
      ),
  },
  {
    words: ['export', 'articles'],
    operands: ['FILE'],
    about: 'write every article as a line that import reads',
    run: call =>
      withFoundation(call, foundation =>
        exportCommand({ ...ingestNeeds(foundation), file: resolve(call.folder, call.operands[0] as string), signal: call.signal }),
      ),
  },
  {
    words: ['demo', 'seed'],
    operands: [],
    about: 'put the demo world in',
    run: call =>
      withFoundation(call, async ({ config, database, log }) => {
        const { seedDemo } = await import('../demo/demo.ts')
        const result = await seedDemo({ db: database.db, seed: config.demo.seed, now: config.demo.now ?? Date.now(), log })
        await markDemoSeeded(database.db)
        return { result, exitCode: 0 }
      }),
  },
  {
    words: ['demo', 'clear'],
    operands: [],
    about: 'take the demo world out again',
    run: call =>
      withFoundation(call, async ({ database, log }) => {
        const { clearDemo } = await import('../demo/demo.ts')
        return { result: await clearDemo({ db: database.db, log }), exitCode: 0 }
      }),
  },
  {
    words: ['token'],
    operands: [],
    flags: ['--mobile', 'NUMBER', '[--kind', 'reader|creator]'],
    about: 'sign somebody in without a code, to try the API out',
    run: call =>
      withFoundation(call, async foundation => {
        const { mobile = '', kind = 'reader' } = call.options
        if (!MOBILE.test(mobile)) throw new UsageError('--mobile takes a mobile number such as 13911111111')
        if (kind !== 'reader' && kind !== 'creator') throw new UsageError('--kind is reader or creator')
        const result = await createSignIn(foundation).signInUnchecked(mobile, kind === 'creator' ? 'studio' : 'app')
        return { result, exitCode: 0 }
      }),
  },
  {
    words: ['id'],
    operands: ['N'],
    about: 'what an id says: when it was made, and by which worker',
    async run({ operands }) {
      const id = parseId(operands[0] as string)
      if (!id) throw new UsageError('an id is a whole number from 1 to 9223372036854775807')
      return { result: { id: id.toString(), ...snowflakeParts(id) }, exitCode: 0 }
    },
  },
]

async function withFoundation(call: Call, work: (foundation: Foundation) => Promise<Outcome>): Promise<Outcome> {
  // A mistake in the words must not cost a database start; commands check theirs before they touch it where they can.
  const foundation = await openFoundation(call.config, 'cli', call.log)
  try {
    return await work(foundation)
  } finally {
    await foundation.close()
  }
}

function ingestNeeds({ config, database, newId, log }: Foundation) {
  return { db: database.db, newId, log, clock: Date.now, timeZone: config.timezone, cleanHtml }
}
