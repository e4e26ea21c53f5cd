// A creator's statistics, as the contract names them.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { plainText } from '../../base/plain-text.ts'
import { invalid } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { countFollowers, findListedText, type Period, readArticleFigures, sumArticles } from './statistics.sql.ts'

export type Statistics = ReturnType<typeof createStatistics>

/** Adults read some 400 Chinese characters a minute. A text too short to measure is read in three seconds. */
export const MS_PER_CHARACTER = 150
export const READING_MIN_MS = 3_000

export function createStatistics({ db }: { db: Db }) {
  return {
    async articles(authorId: ReaderId, channelId: ChannelId | undefined, period: Period) {
      const { reads, comments, collections, shares } = await sumArticles(db, authorId, channelId, period)
      return { read_count: reads, comment_count: comments, collect_count: collections, repost_count: shares }
    },

    /** Clients report how long a reading took, not how far it went: the proportion read is derived from the length of the text. */
    async article(authorId: ReaderId, id: ArticleId, period: Period) {
      const article = await findListedText(db, { authorId, id })
      if (!article) throw invalid('Invalid article.')
      const neededMs = Math.max(READING_MIN_MS, plainText(article.html).length * MS_PER_CHARACTER)
      const figures = await readArticleFigures(db, id, neededMs, period)
      const { reads, fromRecommended, fromChannels, few, some, most } = figures
      return {
        avg_read_proc: figures.averagePart,
        bounce_rate: few / Math.max(1, few + some + most),
        time_spent: figures.averageMs / 1_000,
        conversion: {
          reco_count: figures.exposures,
          read_count: reads,
          fans_read_count: figures.fansReads,
          comment_count: figures.comments,
        },
        origin: {
          recommend: fromRecommended,
          channel: fromChannels,
          relation: 0,
          outter: 0,
          other: reads - fromRecommended - fromChannels,
        },
        completed: {
          gt80: most,
          lt80: some,
          lt20: few,
        },
      }
    },

    async followers(creatorId: ReaderId) {
      const { male, female, ios, android, ...age } = await countFollowers(db, creatorId)
      return { gender: { male, female }, age, device: { ios, android } }
    },
  }
}
