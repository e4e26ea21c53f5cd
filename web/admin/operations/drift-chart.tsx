import { NativeSelect } from '@mantine/core'
import { useMemo, useState } from 'react'
import { type Bar, Chart } from '../../shared/charts/chart.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { LANGUAGE } from '../../shared/language.ts'
import { useData } from '../api/hooks.ts'
import type { Drift } from '../api/types.ts'
import { operationsWords as words } from './operations-words.ts'

const DAYS = 30
const COMPARISONS_SHOWN = 30 // bars of one kind that fit the screen
const day = new Intl.DateTimeFormat(LANGUAGE, { month: '2-digit', day: '2-digit' })
const moment = new Intl.DateTimeFormat(LANGUAGE, {
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
})

/** The drift that comparisons found: of one kind each comparison, of all kinds each day. */
export function DriftChart({ kinds }: { kinds: string[] }) {
  const [kind, setKind] = useState('')
  const query = useData<Drift[]>(`admin/counters/history?days=${DAYS}${kind && `&kind=${kind}`}`, { keepsPrevious: true })
  const bars = useMemo(() => (kind ? barsOf(query.data ?? []) : barsByDay(query.data ?? [])), [query.data, kind])
  return (
    <section>
      <NativeSelect
        className="narrow"
        label={words.kind}
        value={kind}
        data={[{ value: '', label: words.allKinds }, ...kinds]}
        onChange={event => setKind(event.currentTarget.value)}
      />
      <p className="about">{words.driftHint}</p>
      <Loaded query={query}>
        {() =>
          bars.length === 0 ? <p className="empty">{words.noHistory}</p> : <Chart title={words.driftChart} bars={bars} nameMax={14} />
        }
      </Loaded>
    </section>
  )
}

const barsOf = (history: Drift[]): Bar[] => history.slice(-COMPARISONS_SHOWN).map(({ at, drift }) => [moment.format(Date.parse(at)), drift])

function barsByDay(history: Drift[]): Bar[] {
  const sums = new Map<string, number>()
  for (const { at, drift } of history) {
    const name = day.format(Date.parse(at))
    sums.set(name, (sums.get(name) ?? 0) + drift)
  }
  return [...sums]
}
