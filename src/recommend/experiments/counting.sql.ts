// Adds up what viewers of a running experiment did, each row of the logs once: pages and their clicks, and complaints. As
// engines/log/log-rows.sql.ts explains, only rows of transactions below the oldest running one are read.

import { type RawBuilder, sql } from 'kysely'
import type { Db, Tx } from '../../engines/database/database.ts'
import { isKnownSql } from '../catalogue/catalogue.sql.ts'
import { ARMS, type Arm, numberOf } from './assignment.ts'
import type { ArmFigures, Figures, Metric } from './verdict.ts'
import { METRICS } from './verdict.ts'

const LOGS = ['page', 'behaviour', 'complaint'] as const
type Log = (typeof LOGS)[number]

interface Position {
  xid: string
  seq: string
}

/** What the rows of a log add to the table experiment_viewer. `rows` are the log's, `e` is the experiment. */
const ADDED: Record<Log, { columns: RawBuilder<unknown>; of: RawBuilder<unknown> }> = {
  page: {
    columns: sql.raw('pages, places, authors'),
    of: sql`select page.viewer, e.id, page.arm, count(*), sum(cardinality(article_ids)), sum(authors.count)
        from rows join page on page.id = rows.id cross join e
        cross join lateral (select count(distinct author_id) from published_article where id = any(article_ids)) authors
       where page.arm is not null and made_at >= e.counted_from and ${isKnownSql('page.viewer', 'page.made_at')} group by 1, 2, 3`,
  },
  behaviour: {
    columns: sql.raw('clicks'),
    of: sql`select page.viewer, e.id, page.arm, count(*)
        from rows join behaviour on behaviour.id = rows.id join page on page.id = behaviour.page_id cross join e
       where action = 'click' and behaviour.viewer = page.viewer and page.arm is not null and made_at >= e.counted_from
         and ${isKnownSql('page.viewer', 'page.made_at')} group by 1, 2, 3`,
  },
  complaint: {
    columns: sql.raw('complaints'),
    of: sql`select did.viewer, e.id, did.arm, count(*)
        from rows join complaint on (complaint.xid, complaint.seq) = (rows.xid, rows.seq) cross join e
        join experiment_viewer did on did.viewer = complaint.viewer and did.experiment_id = e.id
       where complaint.at >= e.counted_from group by 1, 2, 3`,
  },
}

/** Counts up to `limit` rows of each log and returns how many there were. Undefined if the experiment is not running here any more. */
export async function countNext(tx: Tx, id: bigint, limit: number): Promise<{ rows: number } | undefined> {
  const { rows: found } = await sql<{ isSame: boolean; position: Record<Log, Position> }>`
    select position->>'lineage' = log_lineage() as "isSame", position from experiment where id = ${id} and state = 'running' for no key update`.execute(
    tx,
  )
  const [experiment] = found
  if (!experiment?.isSame) return undefined
  const { position } = experiment
  let rows = 0
  for (const log of LOGS) rows += await countLog(tx, log, { id, after: position[log], limit })
  return { rows }
}

async function countLog(tx: Tx, log: Log, { id, after, limit }: { id: bigint; after: Position; limit: number }): Promise<number> {
  const { columns, of } = ADDED[log]
  const names = log === 'complaint' ? sql`xid, seq` : sql`xid, seq, id`
  const added = sql.raw(
    ['pages', 'places', 'authors', 'clicks', 'complaints'].map(name => `${name} = experiment_viewer.${name} + excluded.${name}`).join(', '),
  )
  const { rows } = await sql<{ count: number }>`
    with e as (
      select id, counted_from from experiment where id = ${id}
    ), rows as materialized (
      select ${names} from ${sql.table(log)}
       where (xid, seq) > (${after.xid}::xid8, ${after.seq}::bigint) and xid < pg_snapshot_xmin(pg_current_snapshot()) order by xid, seq limit ${limit}
    ), last as (
      select xid::text as xid, seq::text as seq from rows order by rows.xid desc, rows.seq desc limit 1
    ), moved as (
      update experiment set position = jsonb_set(position, array[${log}::text], jsonb_build_object('xid', last.xid, 'seq', last.seq))
        from last where id = ${id}
    ), added as (
      insert into experiment_viewer (viewer, experiment_id, arm, ${columns}) ${of}
      on conflict (viewer, experiment_id, arm) do update set ${added}
    )
    select count(*)::int as count from rows`.execute(tx)
  return rows[0]?.count ?? 0
}

/**
 * Notes what up to `limit` viewers that were counted did on the pages of the days before the experiment, as far as these are stored,
 * and returns of how many. Before its first share began: later, the control has pages of an arm, and viewers who join the treatment
 * have pages of none. Pages of other experiments are none of them.
 */
export const noteBefore = (db: Db, id: bigint, limit: number): Promise<number> =>
  db.transaction().execute(async tx => {
    if (!(await lockRunning(tx, id, 'no key update'))) return 0
    const { numAffectedRows = 0n } = await sql`
      update experiment_viewer did set before_pages = past.pages, before_clicks = past.clicks
        from (select viewer, arm from experiment_viewer where experiment_id = ${id} and before_pages is null and pages > 0 order by viewer, arm limit ${limit}) batch
        cross join (select min(started_at) as began_at from experiment where key = (select key from experiment where id = ${id})) e
        cross join lateral (
          select count(*)::int as pages, coalesce(sum(clicked.count), 0)::int as clicks from page
            cross join lateral (
              select count(*) from behaviour where behaviour.viewer = page.viewer and at >= made_at and at < began_at
                 and action = 'click' and page_id = page.id) clicked
           where page.viewer = batch.viewer and made_at < began_at and page.arm is null) past
       where did.experiment_id = ${id} and did.viewer = batch.viewer and did.arm = batch.arm`.execute(tx)
    return Number(numAffectedRows)
  })

/**
 * Returns whether it is running, which it stays until the transaction ends. The job writes rows of experiment_viewer in any order, so
 * without this lock it and the recommenders, which share it, would wait for each other.
 */
async function lockRunning(tx: Tx, id: bigint, lock: 'no key update' | 'share'): Promise<boolean> {
  const { rows } = await sql`select from experiment where id = ${id} and state = 'running' for ${sql.raw(lock)}`.execute(tx)
  return rows.length > 0
}

export interface Outcomes {
  viewer: string
  arm: Arm
  rankings: number
  failed: number
  slow: number
}

/**
 * Adds what a recommender noted of known viewers while it ranked. Nothing happens if the experiment has ended, or before all processes
 * have heard of it.
 */
export const addOutcomes = (db: Db, id: bigint, outcomes: readonly Outcomes[]): Promise<void> =>
  db.transaction().execute(async tx => {
    if (!(await lockRunning(tx, id, 'share'))) return
    const given = outcomes.map(({ arm, ...counts }) => ({ ...counts, arm: numberOf(arm) }))
    await sql`
      insert into experiment_viewer (viewer, experiment_id, arm, rankings, failed, slow)
      select viewer, ${id}, arm, rankings, failed, slow
        from jsonb_to_recordset(${JSON.stringify(given)}::jsonb) as given (viewer text, arm smallint, rankings int, failed int, slow int)
       where (select counted_from <= now() from experiment where id = ${id}) and ${isKnownSql('given.viewer', 'now()')} order by viewer, arm
      on conflict (viewer, experiment_id, arm) do update set rankings = experiment_viewer.rankings + excluded.rankings,
        failed = experiment_viewer.failed + excluded.failed, slow = experiment_viewer.slow + excluded.slow`.execute(tx)
  })

/** The sums over viewers that the tests need; of viewers in one arm only, who could do it at all. */
export async function readFigures(db: Db | Tx, id: bigint): Promise<Figures> {
  const { rows } = await sql<Record<string, number>>`
    with viewers as (
      select *, count(*) filter (where pages > 0) over (partition by viewer) > 1 as in_both from experiment_viewer where experiment_id = ${id}
    )
    select arm, count(*) filter (where pages > 0 and not in_both)::int as viewers,
           count(*) filter (where pages > 0 and in_both)::int as "inBoth", ${SUMS} from viewers group by arm`.execute(db)
  const armOf = (arm: Arm): ArmFigures => {
    const row = rows.find(each => each.arm === numberOf(arm)) ?? {}
    const value = (name: string) => row[name] ?? 0
    const sumsOf = (metric: Metric) => ({
      viewers: value(`${metric}_viewers`),
      n: value(`${metric}_n`),
      x: value(`${metric}_x`),
      nn: value(`${metric}_nn`),
      nx: value(`${metric}_nx`),
      xx: value(`${metric}_xx`),
    })
    const metrics = Object.fromEntries((Object.keys(METRICS) as Metric[]).map(metric => [metric, sumsOf(metric)]))
    return { viewers: value('viewers'), ...(metrics as Record<Metric, ReturnType<typeof sumsOf>>) }
  }
  const inBoth = rows.reduce((sum, row) => sum + (row.inBoth ?? 0), 0) / ARMS.length
  return { arms: { control: armOf('control'), treatment: armOf('treatment') }, inBoth }
}

const SUMS = sql.raw(
  Object.entries(METRICS)
    .flatMap(([metric, { of: x, per: n }]) =>
      Object.entries({ n, x, nn: `${n}::float8 * ${n}`, nx: `${n}::float8 * ${x}`, xx: `${x}::float8 * ${x}` })
        .map(([name, value]) => `coalesce(sum(${value}) filter (where ${n} > 0 and not in_both), 0)::float8 as ${metric}_${name}`)
        .concat(`count(*) filter (where ${n} > 0 and not in_both)::int as ${metric}_viewers`),
    )
    .join(', '),
)
