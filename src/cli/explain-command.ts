// `explain READER ARTICLE`.

import { createRanking } from '../app/ranking.ts'
import { parseId, type ReaderId } from '../base/id.ts'
import { notFound } from '../base/problem.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import { isReader } from '../recommend/viewer-context.sql.ts'
import { type Command, UsageError, withInfrastructure } from './command.ts'

export const EXPLAIN_COMMAND: Command = {
  words: ['explain'],
  operands: ['READER', 'ARTICLE'],
  about: 'why a reader was shown an article, or which step removes it; both by their ids',
  async run(call) {
    const [reader, article] = call.operands.map(parseId)
    if (!reader || !article) throw new UsageError('READER and ARTICLE are ids, whole numbers from 1 to 9223372036854775807')
    return withInfrastructure(call, async infrastructure => {
      if (!(await isReader(infrastructure.database.db, reader))) throw notFound(`there is no reader ${reader}`)
      // The command builds its own recommender from the rows: it has no access to the server's memory.
      const config = { ...infrastructure.config, roles: new Set(['recommender'] as const) }
      const ranking = await createRanking({ ...infrastructure, config })
      const viewer = viewerKeyOf({ kind: 'reader', id: reader as ReaderId })
      const explained = await ranking.explain?.({ viewer }, article as never)
      await ranking.close()
      if (!explained) throw notFound(`there is no article ${article}`)
      const { removedBy, channelId, ...rest } = explained
      return { result: { reader_id: reader, article_id: article, ...rest, channel_id: channelId, removed_by: removedBy }, exitCode: 0 }
    })
  },
}
