// Real headlines in an index of their own, for the two measurements of search. The headlines are not part of this project:
// SEARCH_HEADLINES names a gzipped file with one JSON object a line, each with a `title`.

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import type { ArticleId, ChannelId, ReaderId } from '../src/base/id.ts'
import { silentLog } from '../src/base/log.ts'
import { openDatabase } from '../src/engines/database/database.ts'
import { migrate } from '../src/engines/database/migrate.ts'
import { startPostgres } from '../src/engines/postgres/embedded-postgres.ts'
import { createAnalyze } from '../src/engines/search/analysis/analyze.ts'
import { createSegmenter } from '../src/engines/search/analysis/segmenter.ts'
import { createPostgresSearch } from '../src/engines/search/postgres/postgres.ts'
import { createQueryParser } from '../src/engines/search/query.ts'
import type { Entry, SearchEngine } from '../src/engines/search/search.ts'
import { refreshPhrases, refreshTerms } from '../src/engines/search/word-statistics.ts'
import { createPostgresClock } from './postgres-time.ts'

const HEADLINES =
  process.env.SEARCH_HEADLINES ?? join(import.meta.dirname, '..', '..', 'shared', 'data', 'toutiao', 'tnews_headlines.jsonl.gz')
export const NOW = Date.UTC(2018, 4, 15) // the headlines are of May 2018
/** As a reindex does it. */
const BATCH = 500
const AT_ONCE = 2

export interface Judged {
  kind: string
  query: string
  rows: Set<number>
}

export async function readHeadlines(): Promise<string[]> {
  const lines = gunzipSync(await readFile(HEADLINES))
    .toString()
    .trim()
    .split('\n')
  return lines.map(line => (JSON.parse(line) as { title: string }).title)
}

export async function readJudged(): Promise<Judged[]> {
  const text = await readFile(join(import.meta.dirname, '..', 'evaluate', 'search', 'queries.tsv'), 'utf8')
  return text
    .trim()
    .split('\n')
    .slice(1)
    .map(line => {
      const [kind = '', query = '', rows = ''] = line.split('\t')
      return { kind, query, rows: new Set(rows.split(' ').map(Number)) }
    })
}

export type World = Awaited<ReturnType<typeof openWorld>>

export async function openWorld() {
  const stack = new AsyncDisposableStack()
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-bench-'))
  stack.defer(() => rm(folder, { recursive: true, force: true }))
  const server = await startPostgres({ dataDir: folder, log: silentLog })
  stack.defer(() => server.stop())
  const database = openDatabase({ url: server.url, name: 'bench', log: silentLog })
  stack.defer(() => database.close())
  await migrate(database.pool)
  const { db, pool } = database
  const segmenter = createSegmenter()
  segmenter.words('预热') // loads the dictionary
  const analyze = createAnalyze(segmenter)
  const openEngine = () => createPostgresSearch({ db, pool, clock: () => performance.now() })
  const engine = openEngine()
  const entry = (title: string, id: number): Entry => ({
    id: BigInt(id) as ArticleId,
    version: 1n,
    authorId: 1n as ReaderId,
    channelId: 1 as ChannelId,
    // An hour apart in their order, so that freshness is in play and says nothing.
    publishedAt: NOW - id * 1_000,
    covers: 0,
    popularity: 0,
    title: analyze(title),
    body: analyze(''),
  })

  return {
    db,
    pool,
    segmenter,
    engine,
    /** Another one, which has no counts of words in memory. */
    openEngine,
    parser: createQueryParser({ segmenter }),
    /** What PostgreSQL has used of the processor. */
    postgresMs: createPostgresClock(server.pid),
    close: () => stack.disposeAsync(),

    /** Puts every title `times` times, under ids that count up from 1; returns articles a second. */
    async index(into: SearchEngine, titles: string[], times = 1): Promise<number> {
      const began = performance.now()
      await into.swap('begin')
      const flying = new Set<Promise<void>>()
      for (let from = 0; from < titles.length * times; from += BATCH) {
        const entries = Array.from({ length: Math.min(BATCH, titles.length * times - from) }, (_, i) =>
          entry(titles[(from + i) % titles.length] as string, from + i + 1),
        )
        const put = into.put({ entries }, 'aside').finally(() => flying.delete(put))
        flying.add(put)
        if (flying.size >= AT_ONCE) await Promise.race(flying)
      }
      await Promise.all(flying)
      await into.swap('prepare')
      await into.swap('finish')
      return (titles.length * times) / ((performance.now() - began) / 1_000)
    },

    async learn(engines: SearchEngine[]): Promise<void> {
      const { slot } = await engine.live()
      await refreshTerms(db, slot)
      await refreshPhrases(db, { slot, segmenter, engines, named: [] })
      // What PostgreSQL does some time after so much was written, so that it does not do it while we measure.
      await pool.query(`vacuum analyze search_key, search_term, search_article_${slot}`)
      await pool.query('checkpoint')
    },
  }
}
