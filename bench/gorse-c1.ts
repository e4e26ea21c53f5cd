// C1 (evaluate/cf): MovieLens without the last item of each user is sent to Gorse, which trains and is asked for recommendations. They are
// scored as ours are.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { SETS } from '../evaluate/cf/evaluate.ts'
import type { ScoreItems } from '../evaluate/cf/item-knn.ts'
import { scoreUsers, TOP } from '../evaluate/cf/score-users.ts'
import { createScoreboard } from '../evaluate/measure/scoreboard.ts'
import { BY_FEEDBACK, type Gorse, get, post } from './gorse-server.ts'
import { trainGorse } from './gorse-training.ts'
import { round } from './report.ts'

const BATCH = 1_000
const DAY = 86_400_000
/** As its example for this log has it, but for what is a like: in this protocol every rating is. */
const RECOMMEND = `[recommend.data_source]
positive_feedback_types = ["like"]
[[recommend.non-personalized]]
name = "popular"
score = "len(feedback)"
${BY_FEEDBACK}[recommend.ranker]
type = "none"
fit_period = "1000h"
recommenders = ["collaborative"]`
/** Each of its recommenders alone. */
const THEIRS = ['non-personalized/popular', 'item-to-item/neighbors', 'user-to-user/neighbors', 'collaborative']

interface Use<T> {
  recommend: string
  work: (gorse: Gorse) => Promise<T>
}

export async function scoreC1(folder: string, withGorse: (use: Use<ScoreItems[]>) => Promise<ScoreItems[]>) {
  const [{ file, read, models }] = SETS as [(typeof SETS)[0], ...typeof SETS]
  const path = [folder, join(folder, 'movielens')].map(at => join(at, file)).find(existsSync)
  if (!path) throw new Error(`there is no ${file} in ${folder}`)
  const split = await read(path)
  const board = createScoreboard()
  for (const [name, fit] of Object.entries(models)) scoreUsers(board, `C1: ${name}`, split, fit(split))
  const { fit, newestFirst, items } = split
  const lists = await withGorse({
    recommend: RECOMMEND,
    work: async ({ url }) => {
      await fill(url, newestFirst ?? fit, items)
      // What a search for parameters finds is used in the next round, and a round trains only if there is something new to learn.
      await trainGorse(url, recommend => {
        recommend.collaborative.optimize_period = '360m'
      })
      const asked = [await ask(url, 'collaborative', fit.length, items)]
      await post(
        `${url}/api/feedback`,
        [0, 1, 2, 3].map(item => likeOf('nobody', item, Date.now() - DAY - item)),
      )
      await trainGorse(url, recommend => {
        recommend.collaborative.optimize_period = '0s'
      })
      for (const name of THEIRS) asked.push(await ask(url, name, fit.length, items))
      return asked
    },
  })
  for (const [i, name] of ['collaborative without its search', ...THEIRS].entries())
    scoreUsers(board, `C1: Gorse, ${name}`, split, lists[i] as ScoreItems)
  return Object.entries(board.rows()).map(([ranking, row]) => ({
    ranking,
    'HR@10': round(row.hr10 as number),
    'nDCG@10': round(row.ndcg10 as number),
    'Recall@20': round(row.recall20 as number),
  }))
}

const likeOf = (user: string, item: number, at: number) => ({
  FeedbackType: 'like',
  UserId: user,
  ItemId: String(item),
  Timestamp: new Date(at).toISOString(),
})

async function fill(url: string, newestFirst: readonly (readonly number[])[], items: number): Promise<void> {
  const now = Date.now()
  const all = Array.from({ length: items }, (_, item) => ({ ItemId: String(item), Timestamp: new Date(now - 2 * DAY).toISOString() }))
  for (let i = 0; i < all.length; i += BATCH) await post(`${url}/api/items`, all.slice(i, i + BATCH))
  // The order of a user's likes is kept, a second apart; nothing of theirs is later than now.
  const likes = newestFirst.flatMap((liked, user) => liked.map((item, i) => likeOf(String(user), item, now - DAY - i * 1000)))
  for (let i = 0; i < likes.length; i += BATCH) await post(`${url}/api/feedback`, likes.slice(i, i + BATCH))
}

async function ask(url: string, recommender: string, users: number, items: number): Promise<ScoreItems> {
  const lists: number[][] = []
  for (let user = 0; user < users; user++) {
    const found = await get<{ ItemId: string }[]>(`${url}/api/dashboard/recommend/${user}/${recommender}?n=${TOP}`)
    lists.push(found.map(({ ItemId }) => Number(ItemId)))
  }
  return (_liked, user) => {
    const scores = new Float64Array(items)
    for (const [place, item] of (lists[user] ?? []).entries()) scores[item] = TOP - place
    return scores
  }
}
