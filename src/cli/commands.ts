// Every command: its words, its operands, and what it does.

import { resolve } from 'node:path'
import { createAdminSignIn } from '../app/admin.ts'
import { markDemoSeeded } from '../app/demo.ts'
import type { Infrastructure } from '../app/infrastructure.ts'
import { findRunningServer } from '../app/server-file.ts'
import { createSignIn } from '../app/sign-in.ts'
import { VERSION } from '../app/version.ts'
import { parseId } from '../base/id.ts'
import { sanitizeHtml } from '../base/sanitize-html.ts'
import { decodeSnowflake } from '../base/snowflake.ts'
import { DEMO_CODE } from '../features/accounts/sms-codes.ts'
import { adminInputError, createAdmin, readPassword } from './admin.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'
import { compareCounters, explainCounter, KINDS, parseCounterKind } from './counters.ts'
import { EXPLAIN_COMMAND } from './explain-command.ts'
import { exportCommand } from './export.ts'
import { importCommand } from './import.ts'
import { JOB_COMMANDS } from './job-commands.ts'
import { PINNED_COMMANDS } from './pinned-commands.ts'

const MOBILE = /^1[3-9]\d{9}$/

export const COMMANDS: Command[] = [
  {
    words: ['info'],
    operands: [],
    about: 'where the server is and how to sign in',
    async run({ config }) {
      const server = await findRunningServer(config.dataDir)
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
      withInfrastructure(call, foundation =>
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
      withInfrastructure(call, foundation =>
        exportCommand({ ...ingestNeeds(foundation), file: resolve(call.folder, call.operands[0] as string), signal: call.signal }),
      ),
  },
  {
    words: ['demo', 'seed'],
    operands: [],
    about: 'put the demo world in',
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
    about: 'take the demo world out again',
    run: call =>
      withInfrastructure(call, async ({ database, log }) => {
        const { clearDemo } = await import('../demo/demo.ts')
        return { result: await clearDemo({ db: database.db, log }), exitCode: 0 }
      }),
  },
  {
    words: ['counters', 'drift'],
    operands: [],
    about: 'compare every count with the rows, and change nothing',
    run: call => withInfrastructure(call, foundation => compareCounters(foundation, { repair: false, signal: call.signal })),
  },
  {
    words: ['counters', 'rebuild'],
    operands: ['[KIND]'],
    about: 'compare the counts with the rows, and correct what differs',
    run: call =>
      withInfrastructure(call, foundation => {
        const [word] = call.operands
        const kind = word === undefined ? undefined : parseCounterKind(word)
        if (word !== undefined && !kind) throw new UsageError(`KIND is one of ${KINDS}`)
        return compareCounters(foundation, { kind, repair: true, signal: call.signal })
      }),
  },
  {
    words: ['counters', 'explain'],
    operands: ['KIND', 'ID'],
    about: 'where a count comes from',
    run: call =>
      withInfrastructure(call, async foundation => {
        const [word, id] = call.operands as [string, string]
        const kind = parseCounterKind(word)
        const outcome = kind && (await explainCounter(foundation, kind, id))
        if (!outcome) throw new UsageError(kind ? 'ID is a whole number from 1 to 9223372036854775807' : `KIND is one of ${KINDS}`)
        return outcome
      }),
  },
  {
    words: ['token'],
    operands: [],
    flags: ['--mobile', 'NUMBER', '[--kind', 'reader|creator]', '|', '--account', 'ACCOUNT', '--kind', 'admin'],
    about: 'sign somebody in without a code or password, to try the API out',
    async run(call) {
      const { mobile = '', account = '', kind = call.options.account === undefined ? 'reader' : 'admin' } = call.options
      if (kind !== 'reader' && kind !== 'creator' && kind !== 'admin') throw new UsageError('--kind is reader, creator or admin')
      if (kind === 'admin' && (account === '' || mobile !== '')) throw new UsageError('--kind admin takes --account, and no --mobile')
      if (kind !== 'admin' && account !== '') throw new UsageError(`--kind ${kind} takes --mobile, and no --account`)
      if (kind !== 'admin' && !MOBILE.test(mobile)) throw new UsageError('--mobile takes a mobile number such as 13911111111')
      return withInfrastructure(call, async foundation => {
        if (kind !== 'admin')
          return { result: await createSignIn(foundation).signInWithoutCode(mobile, kind === 'creator' ? 'studio' : 'app'), exitCode: 0 }
        const { token, refresh_token, administrator_id } = await createAdminSignIn(foundation).signInWithoutPassword(account)
        return { result: { token, refresh_token, administrator_id: administrator_id.toString() }, exitCode: 0 }
      })
    },
  },
  ...PINNED_COMMANDS,
  EXPLAIN_COMMAND,
  {
    words: ['admin', 'create'],
    operands: ['ACCOUNT'],
    flags: ['[--password-stdin]'],
    about: 'add an administrator; without a password one is generated and told',
    async run(call) {
      const account = call.operands[0] as string
      const password = call.options['password-stdin'] ? await readPassword(process.stdin) : undefined
      const misuse = adminInputError(account, password)
      if (misuse) throw new UsageError(misuse)
      return withInfrastructure(call, async foundation => ({
        result: await createAdmin(createAdminSignIn(foundation), account, password),
        exitCode: 0,
      }))
    },
  },
  ...JOB_COMMANDS,
  {
    words: ['id'],
    operands: ['N'],
    about: 'what an id says: when it was made, and by which worker',
    async run({ operands }) {
      const id = parseId(operands[0] as string)
      if (!id) throw new UsageError('an id is a whole number from 1 to 9223372036854775807')
      return { result: { id: id.toString(), ...decodeSnowflake(id) }, exitCode: 0 }
    },
  },
]

function ingestNeeds({ config, database, newId, log }: Infrastructure) {
  return { db: database.db, newId, log, clock: Date.now, timeZone: config.timezone, cleanHtml: sanitizeHtml }
}
