// `policy show|schema|check|try|leaderboards|add|use|list|history`: how the feed weighs what it knows, as a file that an operator edits.

import { resolve } from 'node:path'
import { createOperatorPolicies } from '../app/policies.ts'
import { createLocalTimeFormat } from '../base/clock.ts'
import type { Db } from '../engines/database/database.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { tryPolicy } from '../recommend/off-policy/own-log.ts'
import { rankLeaderboards } from '../recommend/policy/leaderboards.ts'
import { findLivePolicy } from '../recommend/policy/policies.sql.ts'
import { completePolicy } from '../recommend/policy/policy.ts'
import { type PolicyDocument, PolicySchema } from '../recommend/policy/policy-schema.ts'
import { type Command, type Invocation, UsageError, withInfrastructure } from './command.ts'
import { readPolicyFile } from './policy-file.ts'
import { describeTried } from './policy-values.ts'
import { table } from './table.ts'

const LIST_MAX = 50
const LISTED = 10
/** An operand that is no file. */
const DEFAULT = 'default'

const readOperand = ({ folder, operands }: Invocation): Promise<PolicyDocument> => readPolicyFile(resolve(folder, operands[0] as string))

/** Tried in this process, which serves no readers. */
const policiesOf = (db: Db) =>
  createOperatorPolicies({ db, change: createOperationLog({ db }).change, tryPolicy: document => tryPolicy(db, document) })

/** 0 for `default`; undefined if the operand is a file. */
const versionOf = (operand: string): number | undefined =>
  operand === DEFAULT ? 0 : /^\d{1,5}$/.test(operand) ? Number(operand) : undefined

const pretty = (value: object) => `${JSON.stringify(value, null, 2)}\n`

export const POLICY_COMMANDS: Command[] = [
  {
    words: ['policy', 'show'],
    operands: ['[VERSION]'],
    about: 'the ranking policy that is live, or another; what it leaves out is as `policy show default` says',
    run: call =>
      withInfrastructure(call, async ({ database: { db } }) => {
        const [operand] = call.operands
        const policies = policiesOf(db)
        const version = operand === undefined ? await policies.liveVersion() : versionOf(operand)
        if (version === undefined) throw new UsageError(`VERSION is a number or ${DEFAULT}`)
        const document = await policies.find(version)
        return { result: { version, document }, text: pretty(document), exitCode: 0 }
      }),
  },
  {
    words: ['policy', 'schema'],
    operands: [],
    about: 'the JSON schema of a policy, for editors',
    run: async () => ({ result: { schema: PolicySchema }, text: pretty(PolicySchema), exitCode: 0 }),
  },
  {
    words: ['policy', 'check'],
    operands: ['FILE'],
    about: 'whether a file is a policy; what is wrong otherwise, with the path of each wrong value',
    async run(call) {
      await readOperand(call)
      return { result: { valid: true }, exitCode: 0 }
    },
  },
  {
    words: ['policy', 'try'],
    operands: ['FILE|VERSION|default'],
    about: 'what a policy would have been worth on the pages of the last days, in clicks a page',
    async run(call) {
      const chosen = versionOf(call.operands[0] as string)
      const document = chosen === undefined ? await readOperand(call) : undefined
      return withInfrastructure(call, async ({ database: { db } }) => {
        const tried = await tryPolicy(db, document ?? (await policiesOf(db).find(chosen as number)))
        return { result: tried, text: describeTried(tried), exitCode: tried.refused === undefined ? 0 : 3 }
      })
    },
  },
  {
    words: ['policy', 'leaderboards'],
    operands: ['[FILE]'],
    about: 'the first ten of each leaderboard of the live policy, or of a file',
    async run(call) {
      const given = call.operands[0] === undefined ? undefined : await readOperand(call)
      return withInfrastructure(call, async ({ database: { db } }) => {
        const document = given ?? (await findLivePolicy(db))?.document ?? {}
        const ranked = await rankLeaderboards(db, completePolicy(document, 0).leaderboards)
        const rows = ranked.flatMap(({ name, articles }) =>
          articles.slice(0, LISTED).map(({ id, score }, i) => [name, String(i + 1), String(id), score.toPrecision(4)]),
        )
        const leaderboards = ranked.map(({ name, articles }) => ({ name, articles: articles.slice(0, LISTED) }))
        return { result: { leaderboards }, lines: table(['leaderboard', '', 'article', 'score'], rows), exitCode: 0 }
      })
    },
  },
  {
    words: ['policy', 'add'],
    operands: ['FILE'],
    about: 'store a policy without using it, and print its version',
    async run(call) {
      const document = await readOperand(call)
      return withInfrastructure(call, async ({ database: { db } }) => {
        const version = await policiesOf(db).add(COMMAND_LINE, document)
        return { result: { version }, exitCode: 0 }
      })
    },
  },
  {
    words: ['policy', 'use'],
    operands: ['FILE|VERSION|default'],
    about: 'every process ranks by this policy from the next page on; a file is tried first, a version is not: going back is quick',
    async run(call) {
      const chosen = versionOf(call.operands[0] as string)
      const document = chosen === undefined ? await readOperand(call) : undefined
      return withInfrastructure(call, async ({ database: { db } }) => {
        const policies = policiesOf(db)
        const tried = document && (await policies.try(document))
        const version = document ? await policies.add(COMMAND_LINE, document) : (chosen as number)
        await policies.use(COMMAND_LINE, version)
        const expected = tried
          ? describeTried(tried)
          : `not tried: \`policy try ${chosen === 0 ? DEFAULT : version}\` says what it would have been worth\n`
        return {
          result: { version, tried: tried ?? null },
          text: `policy ${version} ranks from the next page on\n${expected}`,
          exitCode: 0,
        }
      })
    },
  },
  {
    words: ['policy', 'list'],
    operands: [],
    about: `the ${LIST_MAX} policies that were stored last, used or not`,
    run: call =>
      withInfrastructure(call, async ({ config, database: { db } }) => {
        const localTime = createLocalTimeFormat(config.timezone)
        const policies = policiesOf(db)
        const [live, stored] = [await policies.liveVersion(), await policies.list(LIST_MAX)]
        const rows = stored.map(({ version, name, madeAt, madeBy, usedAt }) => [
          String(version),
          name ?? '',
          localTime(madeAt),
          madeBy ?? '',
          version === live ? 'live' : usedAt ? localTime(usedAt) : '',
        ])
        return { result: { live, policies: stored }, lines: table(['version', 'name', 'stored', 'by', 'used'], rows), exitCode: 0 }
      }),
  },
  {
    words: ['policy', 'history'],
    operands: [],
    about: 'which policy ranked from when to when, the newest first',
    run: call =>
      withInfrastructure(call, async ({ config, database: { db } }) => {
        const localTime = createLocalTimeFormat(config.timezone)
        const uses = await policiesOf(db).listUses(LIST_MAX)
        const rows = uses.map(({ version, name, since, until }) => [
          String(version),
          name ?? (version === 0 ? DEFAULT : ''),
          localTime(since),
          until ? localTime(until) : '',
        ])
        return { result: { uses }, lines: table(['version', 'name', 'since', 'until'], rows), exitCode: 0 }
      }),
  },
]
