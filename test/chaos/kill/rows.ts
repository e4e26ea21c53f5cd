// The database of a killed server: filled at the start, and read after each kill.

import pg from 'pg'
import '../../../src/engines/database/database.ts' // sets the parser that returns bigints
import { postgresUrl } from '../../support/data-folder-processes.ts'

const CHANNELS = 4
export const ARTICLES = 600

export async function withDatabase<T>(dataDir: string, use: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: postgresUrl(dataDir) })
  await client.connect()
  try {
    return await use(client)
  } finally {
    await client.end()
  }
}

export const insertArticles = (dataDir: string): Promise<void> =>
  withDatabase(dataDir, async client => {
    await client.query(`insert into channel (name) select '频道' || i from generate_series(1, ${CHANNELS}) i`)
    await client.query(`insert into reader (id, name) select i, 'author ' || i from generate_series(1, 20) i`)
    await client.query(`insert into article (id, author_id, channel_id, title, status, published_at)
      select 1000 + i, 1 + i % 20, 1 + i % ${CHANNELS}, '标题 ' || i, 2, now() - make_interval(mins => i) from generate_series(1, ${ARTICLES}) i`)
    await client.query(`insert into article_content (article_id, html) select id, '<p>text</p>' from article`)
  })

export const readAcknowledged = (dataDir: string) =>
  withDatabase(dataDir, async client => {
    const rows = async <T extends pg.QueryResultRow>(text: string) => (await client.query<T>(text)).rows
    const readers = await rows<{ id: bigint }>('select id from reader')
    const sessions = await rows<{ id: bigint; reader_id: bigint }>('select id, reader_id from session')
    const positions = await rows<{ reader_id: bigint; sequence: number }>(
      'select reader_id, sequence from reader_channel where channel_id = 1',
    )
    const clicks = await rows<{ key: string }>(
      `select viewer || ' ' || page_id || ' ' || article_id as key from behaviour where action = 'click' and page_id is not null`,
    )
    return {
      readers: new Set(readers.map(row => row.id)),
      readerBySession: new Map(sessions.map(row => [row.id, row.reader_id])),
      positionByReader: new Map(positions.map(row => [row.reader_id, row.sequence])),
      clicks: new Set(clicks.map(row => row.key)),
    }
  })

export const countDeltas = (dataDir: string) =>
  withDatabase(dataDir, async client => {
    const { rows } = await client.query<{ deltas: number }>('select count(*)::int as deltas from counter_delta')
    return rows[0]?.deltas
  })

/** Compares every count with the rows that it counts. */
export const compareCounts = (dataDir: string) =>
  withDatabase(dataDir, async client => {
    const { rows } = await client.query<{ kind: string; key: bigint; truth: string; stored: string }>(`
      select kind, key, coalesce(t.value, 0)::text as truth, coalesce(s.value, 0)::text as stored
        from counter_truth() t full join (
          select kind, key, sum(value) as value from (
            select kind, key, value from counter union all select kind, key, d from counter_delta
          ) part group by kind, key
        ) s using (kind, key)`)
    return { counts: rows.length, wrong: rows.filter(row => row.truth !== row.stored) }
  })
