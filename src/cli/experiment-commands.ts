// `experiment list|show|start|grow|stop`: two policies side by side, and models on trial.

import { createOperatorExperiments } from '../app/experiments.ts'
import { createLocalTimeFormat } from '../base/clock.ts'
import type { Tx } from '../engines/database/database.ts'
import { createOperationLog } from '../features/admins/operation-log.ts'
import { COMMAND_LINE } from '../http/access.ts'
import { ARMS } from '../recommend/experiments/assignment.ts'
import type { Experiments } from '../recommend/experiments/experiments.ts'
import { METRICS } from '../recommend/experiments/verdict.ts'
import type { ExperimentView } from '../recommend/experiments/view.ts'
import { type Command, type CommandResult, type Invocation, UsageError, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const PERCENT_DEFAULT = 50

const withExperiments = (call: Invocation, work: (experiments: Experiments) => Promise<CommandResult>) =>
  withInfrastructure(call, ({ database: { db } }) => work(createOperatorExperiments(db)))

/** Does it and notes it in the operation log. */
const change = (call: Invocation, operation: string, work: (experiments: Experiments, tx: Tx) => Promise<ExperimentView>) =>
  withInfrastructure(call, async ({ database: { db } }) => {
    const view = await createOperationLog({ db }).change(COMMAND_LINE, async (tx, note) => {
      const changed = await work(createOperatorExperiments(db), tx)
      note({ operation, description: changed.name, after: { share: changed.treatment_share } })
      return changed
    })
    return { result: view, text: describe(view), exitCode: 0 }
  })

function shareOf(percent: string | undefined): number {
  const share = Number((percent ?? String(PERCENT_DEFAULT)).replace(/%$/, '')) / 100
  if (!(share > 0)) throw new UsageError('PERCENT is how many of a hundred viewers are in the treatment')
  return share
}

const rate = (value: number | null | undefined) => value?.toFixed(4) ?? ''

function armTable({ arms }: ExperimentView): string {
  const names = Object.entries(METRICS).map(([metric, { of, per }]) => [metric, `${of}/${per}`] as const)
  const rows = ARMS.map(arm => [
    arm,
    String(arms[arm]?.viewers ?? 0),
    String(arms[arm]?.pages ?? 0),
    ...names.map(([metric]) => rate(arms[arm]?.rates[metric as keyof typeof METRICS])),
  ])
  return table(['arm', 'viewers', 'pages', ...names.map(([, name]) => name)], rows)
}

function describe(view: ExperimentView): string {
  const { name, state, treatment_share, control_policy, treatment_policy, verdict, reason, difference } = view
  const policies = treatment_policy === null ? '' : `, policy ${treatment_policy} against ${control_policy}`
  const lines = [
    `${name}: ${state}, ${Number((100 * treatment_share).toFixed(1))} % of the viewers in the treatment${policies}`,
    `verdict: ${verdict ?? 'not counted yet'}${reason && `: ${reason}`}`,
    difference &&
      `clicks a page: ${rate(difference.value)} more in the treatment, from ${rate(difference.low)} to ${rate(difference.high)}`,
  ]
  return `${armTable(view)}${lines.filter(Boolean).join('\n')}\n`
}

export const EXPERIMENT_COMMANDS: Command[] = [
  {
    words: ['experiment', 'show'],
    operands: [],
    about: 'the experiment that is running, or the last one: what each arm did, and what it says',
    run: call =>
      withExperiments(call, async experiments => {
        const [newest] = await experiments.list()
        if (!newest) return { result: {}, text: 'there was no experiment yet\n', exitCode: 0 }
        return { result: newest, text: describe(newest), exitCode: 0 }
      }),
  },
  {
    words: ['experiment', 'list'],
    operands: [],
    about: 'the experiments so far, with policies and with models of the night',
    run: call =>
      withInfrastructure(call, async ({ config, database: { db } }) => {
        const localTime = createLocalTimeFormat(config.timezone)
        const experiments = await createOperatorExperiments(db).list()
        const rows = experiments.map(({ id, name, state, started_at, verdict, difference, reason }) => [
          id,
          name,
          state,
          localTime(new Date(started_at)),
          verdict ?? '',
          rate(difference?.value),
          reason,
        ])
        return {
          result: { experiments },
          lines: table(['id', 'name', 'state', 'started', 'verdict', 'difference', 'reason'], rows),
          exitCode: 0,
        }
      }),
  },
  {
    words: ['experiment', 'start'],
    operands: ['NAME', 'VERSION|default', '[PERCENT]'],
    about: `rank by another policy for so many of a hundred viewers (default: ${PERCENT_DEFAULT}), and compare their clicks`,
    async run(call) {
      const [name = '', version = '', percent] = call.operands
      if (version !== 'default' && !/^\d{1,5}$/.test(version))
        throw new UsageError('VERSION is a number, which `policy add` prints, or default')
      const policy = version === 'default' ? 0 : Number(version)
      const share = shareOf(percent)
      return change(call, 'start experiment', (experiments, tx) => experiments.start(tx, { name, policy, share }))
    },
  },
  {
    words: ['experiment', 'grow'],
    operands: ['PERCENT'],
    about: 'rank by the policy on trial for more viewers; its figures begin anew',
    async run(call) {
      const share = shareOf(call.operands[0])
      return change(call, 'change share of experiment', (experiments, tx) => experiments.grow(tx, share))
    },
  },
  {
    words: ['experiment', 'stop'],
    operands: ['[REASON]'],
    about: 'end it: all viewers get what the control has; a model on trial is withdrawn',
    run: call => change(call, 'stop experiment', (experiments, tx) => experiments.stop(tx, call.operands[0])),
  },
]
