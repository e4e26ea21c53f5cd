// Experiments: the one that is running, what its arms did, and those before.

import { Button } from '@mantine/core'
import { useState } from 'react'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { LANGUAGE } from '../../shared/language.ts'
import { formatCount } from '../../shared/time.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Experiment } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { ReasonDialog } from '../parts/reason-dialog.tsx'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { ExperimentDialog } from './experiment-dialog.tsx'
import { experimentsWords as words } from './experiments-words.ts'

const EVERY_MS = 30_000
const percent = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 2 })
const METRICS = ['clicks', 'failures', 'slowness', 'complaints', 'diversity', 'before'] as const
const ARMS = ['treatment', 'control'] as const
const COLOURS: Record<string, string> = {
  refused: 'red',
  harmful: 'red',
  worse: 'red',
  better: 'green',
  unknown: 'gray',
  'too-few': 'gray',
}

export function ExperimentsScreen() {
  const mayChange = useCan()('recommender-put')
  const query = useData<Experiment[]>('admin/experiments', { everyMs: EVERY_MS })
  const [dialog, setDialog] = useState<'start' | 'grow' | 'stop'>()
  const close = () => setDialog(undefined)
  const stop = useAction(
    (reason: string) => callApi('admin/experiments/running', { method: 'PATCH', body: { ended: true, reason } }),
    () => words.stopped,
  )
  const running = query.data?.find(({ state }) => state === 'running')
  return (
    <>
      <div className="head">
        <h1>{words.screens.experiments}</h1>
        {mayChange && query.data && !running && <Button onClick={() => setDialog('start')}>{words.start}</Button>}
        {mayChange && running && (
          <div className="actions">
            {running.kind === 'policy' && (
              <Button variant="default" onClick={() => setDialog('grow')}>
                {words.grow}
              </Button>
            )}
            <Button variant="default" onClick={() => setDialog('stop')}>
              {words.stop}
            </Button>
          </div>
        )}
      </div>
      <p className="about">{words.about}</p>
      <Loaded query={query}>
        {experiments => (
          <>
            {experiments[0] ? <Arms experiment={experiments[0]} /> : <p>{words.none}</p>}
            <Past experiments={experiments} />
          </>
        )}
      </Loaded>
      {dialog === 'start' && <ExperimentDialog onClose={close} />}
      {dialog === 'grow' && running && <ExperimentDialog running={running} onClose={close} />}
      {dialog === 'stop' && running && (
        <ReasonDialog title={words.stopTitle(running.name)} submit={words.stop} onSubmit={reason => stop.mutate(reason)} onClose={close} />
      )}
    </>
  )
}

function Arms({ experiment }: { experiment: Experiment }) {
  const { name, arms, difference, reason } = experiment
  const format = (value: number) => value.toFixed(3)
  return (
    <section>
      <h2>{name}</h2>
      <Verdict experiment={experiment} />
      {reason && <p>{reason}</p>}
      {difference && <p>{words.difference(format(difference.value), format(difference.low), format(difference.high))}</p>}
      <DataTable
        label={name}
        items={ARMS.map(arm => ({ arm, figures: arms[arm] }))}
        keyOf={({ arm }) => arm}
        columns={[
          { name: words.arm, isHead: true, cell: ({ arm }) => words.arms[arm] },
          { name: words.viewers, cell: ({ figures }) => formatCount(figures?.viewers ?? 0), isNumber: true },
          { name: words.pages, cell: ({ figures }) => formatCount(figures?.pages ?? 0), isNumber: true },
          ...METRICS.map(metric => ({
            name: words.metrics[metric] ?? metric,
            cell: ({ figures }: { figures: Experiment['arms']['control'] }) => figures?.rates[metric]?.toFixed(3) ?? '–',
            isNumber: true,
          })),
        ]}
      />
    </section>
  )
}

const Verdict = ({ experiment: { state, verdict } }: { experiment: Experiment }) => (
  <div className="badges">
    <Status color={state === 'running' ? 'yellow' : 'gray'}>{words.states[state]}</Status>
    <Status color={COLOURS[verdict ?? ''] ?? 'gray'}>{verdict ? words.verdicts[verdict] : words.notCounted}</Status>
  </div>
)

function Past({ experiments }: { experiments: Experiment[] }) {
  return (
    <DataTable
      label={words.screens.experiments}
      items={experiments}
      keyOf={({ id }) => id}
      columns={[
        { name: words.name_, isHead: true, cell: ({ name }) => name },
        {
          name: words.what,
          cell: ({ treatment_policy, control_policy }) =>
            treatment_policy === null ? words.model : words.policies(treatment_policy, control_policy ?? 0),
        },
        {
          name: words.share,
          cell: ({ treatment_share, error }) => `${percent.format(treatment_share)} · ${words.error(percent.format(error))}`,
        },
        { name: words.startedAt, cell: ({ started_at }) => <When at={started_at} isExact /> },
        { name: words.state, cell: experiment => <Verdict experiment={experiment} /> },
        { name: words.reason, cell: ({ reason }) => reason || '–' },
      ]}
    />
  )
}
