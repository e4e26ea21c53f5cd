// MIND: impressions of MSN News with the reader's history, and each article's category and title.

import { getFile, readGzipLines } from '../measure/gzip-lines.ts'
import { createIndices } from '../measure/indices.ts'
import type { Impression } from '../measure/replay.ts'
import { tieKeysOf } from '../measure/tie-keys.ts'

export interface MindImpression extends Impression {
  history: Int32Array
}

export interface MindArticle {
  category: string
  title: string
}

interface MindData {
  impressions: MindImpression[]
  articleIds: string[]
  users: number
}

const FOLDERS = ['mind']
const TIME = /^(\d+)\/(\d+)\/(\d+) (\d+):(\d+):(\d+) ([AP])M$/

/** The impressions of a file, in order of time. */
export async function readMindImpressions(folder: string, file: string): Promise<MindData> {
  const [articles, users] = [createIndices<string>(), createIndices<string>()]
  const impressions: MindImpression[] = []
  await readGzipLines(getFile(folder, FOLDERS, file), line => {
    const [id, user, time, history, shown] = line.split('\t') as [string, string, string, string, string]
    const candidates = shown.split(' ')
    const ids = candidates.map(text => text.slice(0, -2))
    impressions.push({
      id,
      user: users.indexOf(user),
      at: secondsOf(time),
      history: Int32Array.from(history ? history.split(' ') : [], articles.indexOf),
      articles: Int32Array.from(ids, articles.indexOf),
      clicked: Uint8Array.from(candidates, text => Number(text.at(-1))),
      tieKeys: tieKeysOf(id, ids),
    })
  })
  impressions.sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id))
  return { impressions, articleIds: articles.ids, users: users.ids.length }
}

export async function readMindArticles(folder: string): Promise<Map<string, MindArticle>> {
  const articles = new Map<string, MindArticle>()
  await readGzipLines(getFile(folder, FOLDERS, 'mindsmall_train_news.tsv.gz'), (line, index) => {
    const [id, category, , title] = line.split('\t') as [string, string, string, string]
    if (index > 0) articles.set(id, { category, title })
  })
  return articles
}

export type RecPromptArticle = MindArticle & { id: string }

interface RecPromptImpression {
  impression_id: string
  history: RecPromptArticle[]
  candidates: RecPromptArticle[]
  /** The index of the clicked candidate. */
  label: number
}

export async function readRecPrompt(folder: string, file: string): Promise<RecPromptImpression[]> {
  const impressions: RecPromptImpression[] = []
  await readGzipLines(getFile(folder, FOLDERS, file), line => impressions.push(JSON.parse(line)))
  return impressions
}

/** Of "11/13/2019 8:36:57 AM". */
function secondsOf(text: string): number {
  const [, month, day, year, hour, minute, second, half] = TIME.exec(text) as unknown as string[]
  const hours = (Number(hour) % 12) + (half === 'P' ? 12 : 0)
  return Date.UTC(Number(year), Number(month) - 1, Number(day), hours, Number(minute), Number(second)) / 1000
}
