// What each cache of one process was asked, and what it holds.

import { Loaded } from '../../shared/frame/query-state.tsx'
import { LANGUAGE } from '../../shared/language.ts'
import { formatCount } from '../../shared/time.ts'
import { useData } from '../api/hooks.ts'
import type { Caches } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { operationsWords as words } from './operations-words.ts'
import { ThisProcess } from './this-process.tsx'

type Level = Caches['caches'][number]['levels'][number]

const percent = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 })
/** Outcomes that were answered by the level itself. */
const ANSWERED = ['hit', 'absent', 'stale']

export function CachesScreen() {
  const query = useData<Caches>('admin/caches', { everyMs: 5_000 })
  return (
    <>
      <div className="head">
        <h1>{words.screens.caches}</h1>
      </div>
      <Loaded query={query}>
        {({ process, caches }) => (
          <>
            <ThisProcess process={process} />
            <DataTable
              label={words.screens.caches}
              items={caches}
              keyOf={({ name }) => name}
              columns={[
                { name: words.cache, isHead: true, cell: ({ name }) => name },
                {
                  name: words.entries,
                  cell: ({ entries, entries_max }) => `${formatCount(entries)} / ${formatCount(entries_max)}`,
                  isNumber: true,
                },
                { name: words.bytes, cell: ({ bytes, bytes_max }) => `${formatCount(bytes)} / ${formatCount(bytes_max)}`, isNumber: true },
                { name: words.loads, cell: ({ loads }) => formatCount(loads), isNumber: true },
                {
                  name: words.requests,
                  cell: ({ levels }) => (levels.length === 0 ? '–' : levels.map(level => <LevelFigures key={level.level} level={level} />)),
                },
              ]}
            />
          </>
        )}
      </Loaded>
    </>
  )
}

function LevelFigures({ level: { level, requests, outcomes } }: { level: Level }) {
  const answered = ANSWERED.reduce((sum, outcome) => sum + (outcomes[outcome] ?? 0), 0)
  return (
    <p>
      <strong>{level}</strong> {formatCount(requests)}
      {level !== 'gate' && ` · ${words.hitRate} ${percent.format(requests && answered / requests)}`}
      <span className="about">
        {' '}
        {Object.entries(outcomes)
          .map(([outcome, count]) => `${outcome} ${formatCount(count)}`)
          .join(', ')}
      </span>
    </p>
  )
}
