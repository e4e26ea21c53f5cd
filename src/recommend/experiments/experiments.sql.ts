import { sql } from 'kysely'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { Figures, Judgement } from './verdict.ts'

export interface ExperimentRow {
  id: bigint
  name: string
  kind: 'policy' | 'model'
  modelId: bigint | null
  /** Versions of policies; 0: the defaults. Null if a model is on trial. */
  controlPolicy: number | null
  treatmentPolicy: number | null
  /** Of the keyed hash; hexadecimal. */
  key: string
  share: number
  error: number
  state: 'running' | 'ended'
  startedAt: Date
  countedFrom: Date
  endsAt: Date | null
  endedAt: Date | null
  reason: string
  figures: StoredFigures | null
}

export interface StoredFigures extends Figures, Judgement {
  countedAt: string
}

/** What a row begins with. */
export interface NewExperiment {
  name: string
  kind: ExperimentRow['kind']
  modelId?: bigint
  controlPolicy?: number | null
  treatmentPolicy?: number | null
  key: string
  share: number
  error: number
  /** So long until every process has heard of it. */
  countAfterMs: number
  endsAfterMs?: number
}

const COLUMNS = sql`id, name, kind, model_id as "modelId", control_policy as "controlPolicy", treatment_policy as "treatmentPolicy", encode(key, 'hex') as key, share, error, state, started_at as "startedAt",
  counted_from as "countedFrom", ends_at as "endsAt", ended_at as "endedAt", reason, figures`
const milliseconds = (ms: number) => sql`make_interval(secs => ${ms / 1000})`

export async function findRunning(db: Db | Tx): Promise<ExperimentRow | undefined> {
  const { rows } = await sql<ExperimentRow>`select ${COLUMNS} from experiment where state = 'running'`.execute(db)
  return rows[0]
}

/** The newest first; the running one is the first. */
export async function listExperiments(db: Db, limit: number): Promise<ExperimentRow[]> {
  const { rows } = await sql<ExperimentRow>`select ${COLUMNS} from experiment order by id desc limit ${limit}`.execute(db)
  return rows
}

/** Undefined, and nothing is inserted, if one is running. It counts the logs from their present end on. */
export async function insertExperiment(
  db: Db | Tx,
  { name, kind, modelId, controlPolicy, treatmentPolicy, key, share, error, countAfterMs, endsAfterMs }: NewExperiment,
): Promise<ExperimentRow | undefined> {
  const { rows } = await sql<ExperimentRow>`
    insert into experiment (name, kind, model_id, control_policy, treatment_policy, key, share, error, counted_from, ends_at, position)
    select ${name}, ${kind}, ${modelId ?? null}, ${controlPolicy ?? null}, ${treatmentPolicy ?? null}, decode(${key}, 'hex'), ${share}, ${error}, now() + ${milliseconds(countAfterMs)},
           ${endsAfterMs === undefined ? null : endsAfterMs / 1000}::float8 * interval '1 second' + now(),
           jsonb_build_object('lineage', log_lineage(), 'page', ${LOG_END}, 'behaviour', ${LOG_END}, 'complaint', ${LOG_END})
    on conflict (state) where state = 'running' do nothing returning ${COLUMNS}`.execute(db)
  return rows[0]
}

const LOG_END = sql`jsonb_build_object('xid', pg_snapshot_xmin(pg_current_snapshot())::text, 'seq', '0')`

/** Undefined if it is not running. */
export async function endExperiment(db: Db | Tx, id: bigint, reason: string): Promise<ExperimentRow | undefined> {
  const { rows } = await sql<ExperimentRow>`
    update experiment set state = 'ended', ended_at = now(), reason = ${reason} where id = ${id} and state = 'running'
    returning ${COLUMNS}`.execute(db)
  return rows[0]
}

export async function storeFigures(db: Db | Tx, id: bigint, figures: StoredFigures): Promise<void> {
  await sql`update experiment set figures = ${JSON.stringify(figures)}::jsonb where id = ${id}`.execute(db)
}

/** What single viewers did in experiments that have ended, up to `limit` rows of each table. */
export async function deleteEnded(db: Db, limit: number): Promise<number> {
  const { rows } = await sql<{ deleted: number }>`
    with viewers as (
      delete from experiment_viewer where ctid = any(array(
        select ctid from experiment_viewer viewer
         where not exists (select from experiment where id = viewer.experiment_id and state = 'running') limit ${limit}))
      returning 1
    ), complaints as (
      delete from complaint where ctid = any(array(
        select ctid from complaint where not exists (select from experiment where state = 'running' and started_at <= complaint.at) limit ${limit}))
      returning 1
    )
    select ((select count(*) from viewers) + (select count(*) from complaints))::int as deleted`.execute(db)
  return rows[0]?.deleted ?? 0
}
