import { sql } from 'kysely'
import type { Db, Tx } from '../../engines/database/database.ts'
import type { LogParts, TrainingResult } from './train-model.ts'

/** What a row says beside the model itself. */
export interface TrainedModelRow {
  id: bigint
  trainedAt: Date
  state: 'trial' | 'live' | 'replaced' | 'refused' | 'withdrawn'
  reason: string
  figures: TrainingResult['figures'] & { seconds: number }
}

/** Models that rank: for all, or for the viewers of its trial. */
export type RankingState = 'live' | 'trial'

export async function findModel(db: Db, state: RankingState): Promise<{ id: bigint; model: Buffer } | undefined> {
  const row = await db.selectFrom('trained_model').select(['id', 'model']).where('state', '=', state).executeTakeFirst()
  return row?.model ? { id: row.id, model: row.model } : undefined
}

export async function findModelIds(db: Db): Promise<Partial<Record<RankingState, bigint>>> {
  const rows = await db.selectFrom('trained_model').select(['id', 'state']).where('state', 'in', ['live', 'trial']).execute()
  return Object.fromEntries(rows.map(({ id, state }) => [state, id]))
}

/** Of the live model: `replaced` by a better one, or `withdrawn`. */
export async function endLiveModel(db: Db | Tx, state: 'replaced' | 'withdrawn', reason: string): Promise<bigint | undefined> {
  const { rows } = await sql<{ id: bigint }>`
    update trained_model set state = ${state}, reason = ${reason}, model = null where state = 'live' returning id`.execute(db)
  return rows[0]?.id
}

/** Of the model on trial: it ranks for all from now on, or for no viewer. */
export async function endTrial(db: Db | Tx, id: bigint, { state, reason }: { state: 'live' | 'withdrawn'; reason: string }): Promise<void> {
  await sql`
    update trained_model set state = ${state}, reason = ${reason}, model = case when ${state} = 'live' then model end
     where id = ${id} and state = 'trial'`.execute(db)
}

/** `model`: of one that goes on trial. */
export async function insertTrainedModel(
  db: Db | Tx,
  { reason, figures, model }: Pick<TrainedModelRow, 'reason' | 'figures'> & { model: Uint8Array | null },
): Promise<bigint> {
  const { rows } = await sql<{ id: bigint }>`insert into trained_model (state, reason, figures, model)
    values (${model ? 'trial' : 'refused'}, ${reason}, ${JSON.stringify(figures)}::jsonb, ${model && Buffer.from(model)}) returning id`.execute(
    db,
  )
  return (rows[0] as { id: bigint }).id
}

/** The newest first. */
export async function listTrainedModels(db: Db, limit: number): Promise<TrainedModelRow[]> {
  const { rows } = await sql<TrainedModelRow>`
    select id, trained_at as "trainedAt", state, reason, figures from trained_model order by id desc limit ${limit}`.execute(db)
  return rows
}

export async function deleteOldModels(db: Db, { days, limit }: { days: number; limit: number }): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from trained_model where id in (
      select id from trained_model where state not in ('live', 'trial') and trained_at < now() - make_interval(days => ${days}) limit ${limit})`.execute(
    db,
  )
  return Number(numAffectedRows)
}

/** How the clicks of pages that are still stored are divided. The last fifth is held out, the fifth before stops the training. */
export async function divideLog(db: Db, clicksMax: number): Promise<LogParts> {
  const { rows } = await sql<LogParts>`
    with clicks as (
      select at from behaviour where action = 'click' and page_id is not null and at > (select coalesce(min(made_at), now()) from page)
       order by at desc limit ${clicksMax}
    )
    select count(*)::int as clicks, (count(*) / 5)::int as "heldOut",
      coalesce(extract(epoch from percentile_disc(0.6) within group (order by at)), 0)::float8 * 1000 as "stopFrom",
      coalesce(extract(epoch from percentile_disc(0.8) within group (order by at)), 0)::float8 * 1000 as "heldOutFrom" from clicks`.execute(
    db,
  )
  return rows[0] as LogParts
}
