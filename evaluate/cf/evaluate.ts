// Protocols C1 to C3: every item that the user is not known to like is ranked. The parameters are the ones that were best on
// the validation files. Without the test files of C2 and C3, their validation files are scored.

import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Evaluation, Progress } from '../evaluation.ts'
import { createScoreboard } from '../measure/scoreboard.ts'
import { readDiffRec, readLightGcn, readMl100k, type Split } from './data.ts'
import { scoreByEase, scoreByRecentEase } from './ease.ts'
import { fitFactors } from './factors.ts'
import { fitItemKnn, fitPopularity, type ScoreItems } from './item-knn.ts'
import { fitChosen } from './model.ts'
import { scoreUsers } from './score-users.ts'

type Models = Record<string, (split: Split) => ScoreItems>

interface Settings {
  knn: { neighbours: number; shrink: number }
  ease: number
  ials: { width: number; regularisation: number; unknownWeight: number }
}

const models = ({ knn, ease, ials }: Settings): Models => ({
  popularity: ({ fit, items }) => fitPopularity(fit, items),
  itemknn: ({ fit, items }) => fitItemKnn(fit, items, knn),
  ease: ({ fit, items }) => scoreByEase(fit, items, ease),
  ials: ({ fit, items }) => fitFactors(fit, items, ials),
  model: fitChosen,
})

/** C1, C2 and C3. */
export const SETS = [
  {
    file: 'ml-100k/u.data.gz',
    read: readMl100k,
    models: {
      ...models({
        knn: { neighbours: 200, shrink: 0 },
        ease: 300,
        ials: { width: 32, regularisation: 0.003, unknownWeight: 0.3 },
      }),
      // The others have no times.
      ease_recent: (split: Split) => scoreByRecentEase(split, 300),
    },
  },
  {
    file: 'diffrec-ml-1m/train.tsv.gz',
    read: (file: string) => readDiffRec(join(file, '..')),
    models: models({
      knn: { neighbours: 500, shrink: 20 },
      ease: 4000,
      ials: { width: 32, regularisation: 0.01, unknownWeight: 1 },
    }),
  },
  {
    file: 'lightgcnpp/ml-1m/train.txt.gz',
    read: (file: string) => readLightGcn(join(file, '..')),
    models: models({
      knn: { neighbours: 100, shrink: 100 },
      ease: 1000,
      ials: { width: 128, regularisation: 0.01, unknownWeight: 0.3 },
    }),
  },
]

export async function evaluate(folder: string, progress: Progress): Promise<Evaluation> {
  const board = createScoreboard()
  const protocols: string[] = []
  const found = SETS.map(set => ({ ...set, path: [folder, join(folder, 'movielens')].map(at => join(at, set.file)).find(existsSync) }))
  const steps = found.reduce((sum, set) => sum + (set.path ? Object.keys(set.models).length : 0), 0)
  let done = 0
  for (const { path, read, models: own } of found) {
    if (!path) continue
    const split = await read(path)
    // The rows of the first set have no prefix.
    const prefix = protocols.length === 0 ? '' : `${split.name.slice(0, 2).toLowerCase()}_`
    protocols.push(split.name)
    for (const [name, fit] of Object.entries(own)) {
      scoreUsers(board, prefix + name, split, fit(split))
      progress(++done, steps)
    }
  }
  if (protocols.length === 0) throw new Error(`none of ${SETS.map(set => set.file).join(', ')} in ${folder}`)
  return { protocol: protocols.join(' '), rows: board.rows() }
}
