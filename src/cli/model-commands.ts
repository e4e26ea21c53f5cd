// `model list|withdraw`: what was trained each night, how it ranked clicks that were held out, and whether it went live.

import { createLocalTimeFormat } from '../base/clock.ts'
import { notFound } from '../base/problem.ts'
import { type Ranking, RIVALS } from '../recommend/nightly/gate.ts'
import { toModelView } from '../recommend/nightly/model-view.ts'
import { endLiveModel, listTrainedModels } from '../recommend/nightly/trained-models.sql.ts'
import { type Command, withInfrastructure } from './command.ts'
import { table } from './table.ts'

const LIST_MAX = 30 // a month
const RANKINGS: readonly Ranking[] = ['trained', ...RIVALS]

export const MODEL_COMMANDS: Command[] = [
  {
    words: ['model', 'list'],
    operands: [],
    about: 'what was trained on the log each night: nDCG@10 on held-out clicks, and why it was refused',
    run: call =>
      withInfrastructure(call, async ({ config, database: { db } }) => {
        const localTime = createLocalTimeFormat(config.timezone)
        const models = (await listTrainedModels(db, LIST_MAX)).map(toModelView)
        const rows = models.map(({ id, trained_at, state, reason, held_out, ndcg10 }) => [
          id,
          localTime(new Date(trained_at)),
          state,
          String(held_out),
          ...RANKINGS.map(ranking => ndcg10[ranking]?.toFixed(4) ?? ''),
          reason,
        ])
        const lines = table(['id', 'trained', 'state', 'held out', ...RANKINGS, 'reason'], rows)
        return { result: { models }, lines, exitCode: 0 }
      }),
  },
  {
    words: ['model', 'withdraw'],
    operands: [],
    about: 'the trees that are live rank no more from the next minute on; the next night trains new ones',
    run: call =>
      withInfrastructure(call, async ({ database: { db } }) => {
        const id = await endLiveModel(db, 'withdrawn', 'by an operator')
        if (id === undefined) throw notFound('no trained model is live')
        return { result: { withdrawn: String(id) }, exitCode: 0 }
      }),
  },
]
