// The recommender's funnel in one process, and what viewers did with what they were shown, by day.

import { useMemo } from 'react'
import { type Bar, Chart } from '../../shared/charts/chart.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { LANGUAGE } from '../../shared/language.ts'
import { formatCount } from '../../shared/time.ts'
import { useData } from '../api/hooks.ts'
import type { RecommenderFigures } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { When } from '../parts/when.tsx'
import { formatNumber, operationsWords as words } from './operations-words.ts'
import { Policies } from './policies.tsx'
import { ThisProcess } from './this-process.tsx'

const formatCountOrNone = (count: number | null) => (count === null ? '–' : formatCount(count))
const percent = new Intl.NumberFormat(LANGUAGE, { style: 'percent', maximumFractionDigits: 1 })

export function RecommenderScreen() {
  const query = useData<RecommenderFigures>('admin/recommender', { everyMs: 30_000 })
  return (
    <>
      <div className="head">
        <h1>{words.screens.recommender}</h1>
      </div>
      <Policies />
      <Loaded query={query}>
        {figures => (
          <>
            <Days days={figures.days} />
            <Models models={figures.models} />
            <Factors nights={figures.factors} />
            <ThisProcess process={figures.process} />
            <Funnel steps={figures.steps} />
            <section>
              <h2>{words.pagesBySource}</h2>
              <DataTable
                label={words.pagesBySource}
                items={figures.pages}
                keyOf={({ source }) => source}
                columns={[
                  { name: words.source, isHead: true, cell: ({ source }) => source },
                  { name: words.pages_, cell: ({ count }) => formatCount(count), isNumber: true },
                ]}
              />
            </section>
            <section>
              <h2>{words.calls}</h2>
              <DataTable
                label={words.calls}
                items={figures.calls}
                keyOf={({ outcome }) => outcome}
                columns={[
                  { name: words.outcome, isHead: true, cell: ({ outcome }) => outcome },
                  { name: words.count, cell: ({ count }) => formatCount(count), isNumber: true },
                  { name: words.meanMs, cell: ({ mean_ms }) => formatNumber(mean_ms), isNumber: true },
                ]}
              />
            </section>
          </>
        )}
      </Loaded>
    </>
  )
}

function Days({ days }: { days: RecommenderFigures['days'] }) {
  const bars = useMemo(() => days.map(({ day, click_rate }): Bar => [day.slice(5), Math.round((click_rate ?? 0) * 1_000) / 10]), [days])
  return (
    <section>
      <Chart title={`${words.clickRate} (%)`} bars={bars} hasTable={false} />
      <h2>{words.byDay}</h2>
      <p className="about">{words.pagesKept}</p>
      <DataTable
        label={words.byDay}
        items={days.toReversed()}
        keyOf={({ day }) => day}
        columns={[
          { name: words.day, isHead: true, cell: ({ day }) => day },
          { name: words.pages_, cell: ({ pages }) => formatCountOrNone(pages), isNumber: true },
          { name: words.served, cell: ({ served }) => formatCountOrNone(served), isNumber: true },
          { name: words.exposures, cell: ({ exposures }) => formatCount(exposures), isNumber: true },
          { name: words.feedClicks, cell: ({ feed_clicks }) => formatCount(feed_clicks), isNumber: true },
          { name: words.clicks, cell: ({ clicks }) => formatCount(clicks), isNumber: true },
          { name: words.reads, cell: ({ reads }) => formatCount(reads), isNumber: true },
          { name: '%', cell: ({ click_rate }) => (click_rate === null ? '–' : percent.format(click_rate)), isNumber: true },
        ]}
      />
    </section>
  )
}

const RANKINGS = ['trained', 'popularity', 'recency', 'online', 'live'] as const

function Models({ models }: { models: RecommenderFigures['models'] }) {
  return (
    <section>
      <h2>{words.models}</h2>
      <p className="about">{words.modelsAbout}</p>
      <DataTable
        label={words.models}
        items={models}
        keyOf={({ id }) => id}
        columns={[
          { name: words.trainedAt, isHead: true, cell: ({ trained_at }) => <When at={trained_at} isExact /> },
          { name: words.state, cell: ({ state }) => words.modelStates[state] ?? state },
          ...RANKINGS.map(ranking => ({
            name: words.rankings[ranking] ?? ranking,
            cell: ({ ndcg10 }: (typeof models)[number]) => ndcg10[ranking]?.toFixed(3) ?? '–',
            isNumber: true,
          })),
          { name: words.heldOut, cell: ({ held_out }) => formatCount(held_out), isNumber: true },
          { name: words.message, cell: ({ reason }) => reason || '–' },
        ]}
      />
    </section>
  )
}

const FACTOR_RANKINGS = ['ials', 'ease', 'popularity', 'recency', 'live'] as const

function Factors({ nights }: { nights: RecommenderFigures['factors'] }) {
  return (
    <section>
      <h2>{words.factors}</h2>
      <p className="about">{words.factorsAbout}</p>
      <DataTable
        label={words.factors}
        items={nights}
        keyOf={({ trained_at }) => trained_at}
        columns={[
          { name: words.trainedAt, isHead: true, cell: ({ trained_at }) => <When at={trained_at} isExact /> },
          { name: words.state, cell: ({ state }) => words.modelStates[state] ?? state },
          ...FACTOR_RANKINGS.map(ranking => ({
            name: words.rankings[ranking] ?? ranking,
            cell: ({ ndcg10 }: (typeof nights)[number]) => ndcg10[ranking]?.toFixed(3) ?? '–',
            isNumber: true,
          })),
          { name: words.readers, cell: ({ readers }) => formatCount(readers), isNumber: true },
          { name: words.articles, cell: ({ articles }) => formatCount(articles), isNumber: true },
          { name: words.message, cell: ({ reason }) => reason || '–' },
        ]}
      />
    </section>
  )
}

function Funnel({ steps }: { steps: RecommenderFigures['steps'] }) {
  const bars = useMemo(() => steps.map(({ step, mean_left }): Bar => [step, Math.round(mean_left)]), [steps])
  if (steps.length === 0) return <p>{words.noRecommender}</p>
  return (
    <section>
      <Chart title={words.funnel} bars={bars} nameMax={14} hasTable={false} />
      <DataTable
        label={words.funnel}
        items={steps}
        keyOf={({ step }) => step}
        columns={[
          { name: words.step, isHead: true, cell: ({ step }) => step },
          { name: words.left, cell: ({ mean_left }) => formatNumber(mean_left), isNumber: true },
          {
            name: words.removedMean,
            cell: ({ removed, runs }) => (removed === null ? '–' : formatNumber(runs && removed / runs)),
            isNumber: true,
          },
          { name: words.meanMs, cell: ({ mean_ms }) => (mean_ms === null ? '–' : formatNumber(mean_ms)), isNumber: true },
          { name: words.runs, cell: ({ runs }) => formatCount(runs), isNumber: true },
          { name: words.failures, cell: ({ failed }) => failed, isNumber: true },
        ]}
      />
    </section>
  )
}
