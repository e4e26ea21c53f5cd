// Globo.com: every click of a news portal in two weeks, with sessions. In columns, as there are three million.

import { getFile, readGzipLines } from '../measure/gzip-lines.ts'
import { createIndices } from '../measure/indices.ts'

export interface GloboData {
  /** Of each click, in order of time: milliseconds since 1970, session, user, and article by index. */
  at: Float64Array
  session: Int32Array
  user: Int32Array
  article: Int32Array
  /** The clicks before and after it in its session; -1 if there is none. */
  previous: Int32Array
  next: Int32Array
  articleIds: number[]
}

const CLICKS_MAX = 4_000_000 // the whole set has three

/** The clicks before a moment, and when the last of the file was. */
export async function readGlobo(folder: string, endsAt: (isComplete: boolean) => number, completeFrom: number) {
  const articles = createIndices<number>()
  const at = new Float64Array(CLICKS_MAX)
  const [session, user, article] = [new Int32Array(CLICKS_MAX), new Int32Array(CLICKS_MAX), new Int32Array(CLICKS_MAX)]
  let count = 0
  await readGzipLines(getFile(folder, ['globo'], 'clicks.csv.gz'), (line, index) => {
    if (index === 0) return
    const fields = line.split(',', 4)
    if (count === CLICKS_MAX) throw new Error(`more than ${CLICKS_MAX} clicks`)
    at[count] = Number(fields[0])
    user[count] = Number(fields[1])
    session[count] = Number(fields[2])
    article[count] = articles.indexOf(Number(fields[3]))
    count++
  })
  const isComplete = count > 0 && (at[count - 1] as number) >= completeFrom
  const end = endsAt(isComplete)
  while (count > 0 && (at[count - 1] as number) >= end) count--
  const data: GloboData = {
    at: at.subarray(0, count),
    session: session.subarray(0, count),
    user: user.subarray(0, count),
    article: article.subarray(0, count),
    ...linksOf(session.subarray(0, count)),
    articleIds: articles.ids,
  }
  return { data, isComplete }
}

export interface GloboArticles {
  categoryOf(article: number): number
  /** Milliseconds since 1970; undefined if it is not known. */
  createdAt(article: number): number | undefined
}

/** What the set says of its articles, which are given by index. */
export async function readArticles(folder: string, articleIds: readonly number[]): Promise<GloboArticles> {
  const known = new Map<number, { category: number; createdAt: number | undefined }>()
  await readGzipLines(getFile(folder, ['globo'], 'articles.csv.gz'), (line, index) => {
    if (index === 0) return
    const [id, category, createdAt] = line.split(',', 3)
    known.set(Number(id), { category: Number(category), createdAt: createdAt ? Number(createdAt) : undefined })
  })
  const of = (article: number) => known.get(articleIds[article] as number)
  return { categoryOf: article => of(article)?.category ?? 0, createdAt: article => of(article)?.createdAt }
}

function linksOf(session: Int32Array): { previous: Int32Array; next: Int32Array } {
  const last = new Map<number, number>()
  const [previous, next] = [new Int32Array(session.length).fill(-1), new Int32Array(session.length).fill(-1)]
  for (const [click, of] of session.entries()) {
    const before = last.get(of)
    if (before !== undefined) {
      previous[click] = before
      next[before] = click
    }
    last.set(of, click)
  }
  return { previous, next }
}
