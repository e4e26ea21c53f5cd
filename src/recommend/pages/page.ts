// A served page. Its cursors are the feed's clock: every number issued to a viewer for a channel is the `cursor` or the
// `nextCursor` of one of their pages. In the table `page` the columns are `scroll`, `stamp` and `older`.

import type { ArticleId, ChannelId, PageId } from '../../base/id.ts'
import type { Position, Validity } from '../../engines/log/log-rows.sql.ts'
import type { Arm } from '../experiments/assignment.ts'
import type { NewExplanation } from './page-explanation.ts'

/** Where a session that shows seen articles again stands in its list. */
export interface SeenPlace {
  listId: bigint
  /** The index after the last one shown. */
  end: number
  /** When the ranking last found that nothing unseen was left, in milliseconds since 1970; 0 if it found more. */
  nothingUnseenAt: number
}

export interface Page {
  id: PageId
  /** The id of the page with which the session began. */
  feedSession: PageId
  /** Asks for this page. */
  cursor: bigint
  /** Asks for its continuation. */
  nextCursor: bigint
  articleIds: ArticleId[]
  /** Pinned above the page that begins the session, which shows them nowhere else. */
  pinnedIds: readonly ArticleId[]
  /** Per article: the index of its source in SOURCE_NAMES. */
  sources: number[]
  /** Per article: the probability of its place, in PROPENSITY_UNITS. */
  propensity: number[]
  policy: number
  /** Milliseconds since 1970. */
  createdAt: number
}

/** What the ranking of a page knew of its viewer from memory. If there is more by now, storing fails. */
export interface Knowledge {
  /** The viewer's newest pages, the newest first, `NEWEST_PAGES` if there are so many. */
  newestPageIds: readonly PageId[]
  /** The day by the database, and how many articles seen_day has of it. */
  today: string
  seenToday: number
  heard: Heard
}

/** Up to where the logs are heard, and in which incarnation of the database: in another one the positions say nothing. */
export interface Heard extends Pick<Validity, 'incarnation'> {
  behaviours: Position
  changes: Position
}

/**
 * Two processes that store pages of a viewer at once may give them times in another order than they commit: one that was stored
 * unnoticed is found as long as eight others are not newer.
 */
export const NEWEST_PAGES = 8

/** Rows hold propensities in thousandths. */
export const PROPENSITY_UNITS = 1_000

export interface NewPage extends Pick<Page, 'id' | 'articleIds' | 'pinnedIds' | 'sources' | 'propensity' | 'policy'> {
  viewerKey: string
  channelId: ChannelId
  /** On a continuation: its session, and the cursor it was asked for by. */
  continuation?: { feedSession: PageId; cursor: bigint }
  /** If cut from a ranked buffer: the page that was served last then. Another page since makes storing fail. */
  bufferedAfter?: Pick<Page, 'id' | 'nextCursor'>
  /** If ranked with what was in memory. */
  knowledge?: Knowledge
  /** On a refresh: the client's number. The same again within `retryMs` is a retry. */
  requestedCursor: number
  retryMs: number
  now: number
  explanation: NewExplanation
  /** Of the viewer's dials, as the ranking knew them: a change since makes storing fail. */
  dialsVersion: number
  /** The viewer's arm of the experiment, if one is running. */
  arm?: Arm
  /** Undefined while the session shows unseen articles only. */
  seenPlace?: SeenPlace
}
