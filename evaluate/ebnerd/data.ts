// EB-NeRD: a week of impressions with shown and clicked articles, and each reader's clicks of the three weeks before.

import { findFile, getFile, readGzipLines } from '../measure/gzip-lines.ts'
import { createIndices } from '../measure/indices.ts'
import type { Impression } from '../measure/replay.ts'
import { tieKeysOf } from '../measure/tie-keys.ts'

export interface EbnerdImpression extends Impression {
  isValidation: boolean
  device: number
  /** The article that the reader had open; -1 for the front page. */
  contextArticle: number
}

export interface HistoryClick {
  user: number
  article: number
  at: number
}

export interface EbnerdData {
  /** In order of time. */
  impressions: EbnerdImpression[]
  /** By index; ids grow with the time of creation. */
  articleIds: number[]
  users: number
  /** Each user's clicks before the week, in order of time within a user. */
  histories: { train: HistoryClick[]; validation: HistoryClick[] }
  hasValidation: boolean
}

const FOLDERS = ['ebnerd']

export async function readEbnerd(folder: string): Promise<EbnerdData> {
  const [articles, users] = [createIndices<number>(), createIndices<number>()]
  const impressions: EbnerdImpression[] = []

  const readBehaviours = (path: string, isValidation: boolean) =>
    readGzipLines(path, (line, index) => {
      if (index === 0) return
      const [id, user, at, , device, context, candidates] = line.split('\t') as [string, string, string, string, string, string, string]
      const shown = candidates.split(' ')
      const ids = shown.map(text => text.slice(0, -2))
      impressions.push({
        id,
        user: users.indexOf(Number(user)),
        at: Number(at),
        articles: Int32Array.from(ids, text => articles.indexOf(Number(text))),
        clicked: Uint8Array.from(shown, text => Number(text.at(-1))),
        tieKeys: tieKeysOf(id, ids),
        isValidation,
        device: Number(device),
        contextArticle: context ? articles.indexOf(Number(context)) : -1,
      })
    })

  async function readHistory(path: string): Promise<HistoryClick[]> {
    const clicks: HistoryClick[] = []
    await readGzipLines(path, (line, index) => {
      if (index === 0) return
      const [user, history] = line.split('\t') as [string, string]
      const own = history.split(' ').map(text => text.split(':').map(Number) as [number, number])
      own.sort(([a, t], [b, u]) => t - u || a - b)
      for (const [article, at] of own) clicks.push({ user: users.indexOf(Number(user)), article: articles.indexOf(article), at })
    })
    return clicks
  }

  await readBehaviours(getFile(folder, FOLDERS, 'train.behaviors.tsv.gz'), false)
  const train = await readHistory(getFile(folder, FOLDERS, 'train.history.tsv.gz'))
  const behaviours = findFile(folder, FOLDERS, 'validation.behaviors.tsv.gz')
  if (behaviours) await readBehaviours(behaviours, true)
  const validation = behaviours ? await readHistory(getFile(folder, FOLDERS, 'validation.history.tsv.gz')) : []
  impressions.sort((a, b) => a.at - b.at || Number(a.id) - Number(b.id))
  return {
    impressions,
    articleIds: articles.ids,
    users: users.ids.length,
    histories: { train, validation },
    hasValidation: behaviours !== undefined,
  }
}
