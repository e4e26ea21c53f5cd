// A creator's statistics, as the contract names them.

import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { plainText } from '../../base/plain-text.ts'
import { invalid } from '../../base/problem.ts'
import type { Db } from '../../engines/database/database.ts'
import { countFollowers, type Period, readArticleFigures, sumArticles } from './statistics.sql.ts'

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
      const figures = await readArticleFigures(db, { authorId, id }, period)
      if (!figures) throw invalid('Invalid article.')
      const needed = Math.max(READING_MIN_MS, [...plainText(figures.html)].length * MS_PER_CHARACTER)
      const parts = figures.dwellMs.map(ms => Math.min(1, ms / needed))
      const average = (numbers: number[]) => (numbers.length > 0 ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length : 0)
      const share = (matches: (part: number) => boolean) => average(parts.map(part => (matches(part) ? 1 : 0)))
      const { reads, fromRecommended, fromChannels } = figures
      return {
        avg_read_proc: average(parts),
        bounce_rate: share(part => part < 0.2),
        time_spent: average(figures.dwellMs) / 1_000,
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
          gt80: parts.filter(part => part > 0.8).length,
          lt80: parts.filter(part => part >= 0.2 && part <= 0.8).length,
          lt20: parts.filter(part => part < 0.2).length,
        },
      }
    },

    async followers(creatorId: ReaderId) {
      const { male, female, ios, android, ...age } = await countFollowers(db, creatorId)
      return { gender: { male, female }, age, device: { ios, android } }
    },
  }
}
