// Keeps one index in step with the rows: a durable consumer of the change log that refreshes each article that changed. What
// was done is done again after a crash, which harms nothing: an entry with an older version is refused.

import type { ArticleId } from '../../../base/id.ts'
import type { Db } from '../../database/database.ts'
import { CHANGE_COLUMNS, type LoggedChange } from '../../log/change-log.ts'
import type { DurableConsumerSpec } from '../../log/durable-consumer.ts'
import { findOffset } from '../../log/offset.sql.ts'
import type { SearchEngine } from '../search.ts'
import { articlesIn, type Indexer } from './entries.ts'
import { type ReindexOptions, type ReindexReport, reindex } from './reindex.ts'

/** No article has this id. */
const NO_ARTICLE = { id: 0n as ArticleId, version: 0n }

export interface SearchConsumerNeeds extends ReindexOptions {
  db: Db
  engine: SearchEngine
  indexer: Indexer
  onReindexed(report: ReindexReport): void | Promise<void>
}

export function createSearchConsumer({
  db,
  engine,
  indexer,
  onReindexed,
  ...options
}: SearchConsumerNeeds): DurableConsumerSpec<LoggedChange> {
  return {
    name: nameOf(engine),
    log: 'change',
    columns: CHANGE_COLUMNS,
    wants: change => change.topic === 'article',
    effect: {
      where: 'elsewhere',
      apply: changes => indexer.refresh(engine, articlesIn(changes)),
      probe: () => engine.remove([NO_ARTICLE]), // a write, because an index may answer queries and refuse writes
    },
    async rebuild(snapshot) {
      const { position, report } = await reindex({ db, engine, indexer }, snapshot, options)
      await onReindexed(report)
      return position
    },
  }
}

const nameOf = ({ name }: Pick<SearchEngine, 'name'>) => `search ${name}`

/** Whether an index has all articles of this database, up to its consumer's lag. */
export async function isBuilt(db: Db, engine: Pick<SearchEngine, 'name'>): Promise<boolean> {
  const offset = await findOffset(db, { log: 'change', name: nameOf(engine) })
  return offset !== undefined && offset.lineage === offset.currentLineage
}
