// What the cache scenarios share: a small cluster, its articles, and its metrics.

import type { ArticleId, ReaderId } from '../../../src/base/id.ts'
import { EPOCH_MS } from '../../../src/base/snowflake.ts'
import type { Db } from '../../../src/engines/database/database.ts'
import { type Cluster, startCluster } from '../../support/cluster.ts'
import { eventually, PATIENCE_MS } from '../../support/waiting.ts'

const AUTHOR = (1n << 40n) as ReaderId

export async function openCluster(apis: number): Promise<Cluster> {
  const cluster = await startCluster({ apis, small: true })
  const { db } = cluster.database
  await db.insertInto('channel').values({ id: 1, name: 'one' }).execute()
  await db.insertInto('reader').values({ id: AUTHOR, name: 'author' }).execute()
  // The oldest article, a year ago: later ids are plausible and are looked up.
  await publish(db, [idAt(Date.now() - 365 * 86_400_000)])
  return cluster
}

let made = 0
export const idAt = (ms: number) => ((BigInt(Math.floor(ms) - EPOCH_MS) << 22n) | BigInt(made++ % 4096)) as ArticleId

export async function publish(db: Db, ids: ArticleId[]): Promise<void> {
  const rows = ids.map(id => ({
    id,
    author_id: AUTHOR,
    channel_id: 1,
    title: `title ${id}`,
    cover: [],
    status: 2,
    published_at: new Date(),
  }))
  await db.transaction().execute(async tx => {
    await tx.insertInto('article').values(rows).execute()
    await tx
      .insertInto('article_content')
      .values(ids.map(id => ({ article_id: id, html: '<p>text</p>' })))
      .execute()
  })
}

/** Sends the request again after a 503, as clients do. */
export async function fetchPatiently(url: string, how: RequestInit = {}): Promise<{ status: number; text: string }> {
  const ask = async () => {
    const answer = await fetch(url, { ...how, signal: AbortSignal.timeout(3 * PATIENCE_MS) })
    return { status: answer.status, text: await answer.text() }
  }
  return eventually(ask, ({ status }) => status !== 503)
}

export async function open(url: string, id: bigint): Promise<{ status: number; ms: number; title?: string }> {
  const began = performance.now()
  const { status, text } = await fetchPatiently(`${url}/v1_0/articles/${id}`)
  return { status, ms: performance.now() - began, title: status === 200 ? JSON.parse(text).data.title : undefined }
}

export async function metricOf(urls: string[], series: RegExp): Promise<number> {
  const texts = await Promise.all(urls.map(async url => (await fetch(`${url}/metrics`)).text()))
  let sum = 0
  for (const line of texts.join('\n').split('\n')) if (series.test(line)) sum += Number(line.split(' ').at(-1))
  return sum
}

/** Waits until a process reports that it is up. */
export async function waitUntilUp(url: string): Promise<void> {
  const state = async () => ((await (await fetch(`${url}/readyz`)).json()) as { status: string }).status
  await eventually(state, status => status === 'up')
}

/** A read for which Redis did not answer in time; the process then loads from PostgreSQL. It happens on a busy machine. */
const LATE = /^cache_requests_total\{cache="article",level="redis",outcome="away"\}/
/** Counts loads from PostgreSQL from now on, without those for which Redis was late. */
export async function countLoads(urls: string[]): Promise<() => Promise<number>> {
  const [loads, late] = [await metricOf(urls, LOADS), await metricOf(urls, LATE)]
  return async () => (await metricOf(urls, LOADS)) - loads - ((await metricOf(urls, LATE)) - late)
}

export const LOADS = /^cache_loads_total\{cache="article"\}/
export const quantile = (values: number[], share: number) =>
  values.toSorted((a, b) => a - b)[Math.floor((values.length - 1) * share)] as number
export const round = (ms: number) => Math.round(ms)

export interface Timed {
  /** Asserts durations as well: only if nothing else runs on the machine. */
  timed?: boolean
}
