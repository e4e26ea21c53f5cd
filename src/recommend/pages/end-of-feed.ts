// A continuation for which nothing is left.

import type { Db } from '../../engines/database/database.ts'
import type { RecommendRequest, RecommendResponse } from '../contract.ts'
import { isPage } from './cursor.sql.ts'
import type { Page } from './page.ts'
import { recordContinuedPageSeen } from './seen.sql.ts'

export const END_OF_FEED: RecommendResponse = { exposureToken: '', nextCursor: 0, items: [] }

/**
 * Records that the page was continued. Returns false if its continuation is stored after all: by a request beside this one, after
 * the cursor was read here and before what was seen was.
 */
export async function isEndOfFeed(
  db: Db,
  viewerKey: string,
  { channelId, cursor }: Pick<RecommendRequest, 'channelId' | 'cursor'>,
  continued: Page | undefined,
): Promise<boolean> {
  if (!continued) return true
  await recordContinuedPageSeen(db, viewerKey, channelId, cursor)
  return !(await isPage(db, viewerKey, channelId, cursor))
}
