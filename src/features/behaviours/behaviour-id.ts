import { createHash, createHmac } from 'node:crypto'
import { type Clock, DAY } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Client } from '../../base/network.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'

/** The id of an action on one article of one page: the same trace sent again makes the same id, and so counts once. */
export const behaviourIdOf = ({ action, pageId, articleId }: { action: string; pageId: bigint; articleId: bigint }): string =>
  uuidFromText(`${action} ${pageId} ${articleId}`)

/** A UUID (version 8) made from a hash: equal texts give equal ids. */
export const uuidFromText = (text: string): string => uuidOf(createHash('sha256').update(text).digest('hex'))

/** `client` may be undefined where every viewer is a reader. */
export type OnceKeyOf = (viewer: Viewer, client: Client | undefined, action: string, articleId: ArticleId) => string

/**
 * The key under which a viewer's action on an article is stored once a day (UTC, by our clock: clients could choose theirs). An
 * anonymous viewer is an address. The hash has a key, because all addresses could be tried against one without.
 */
export const createOnceKey =
  ({ secret, clock }: { secret: string; clock: Clock }): OnceKeyOf =>
  (viewer, client, action, articleId) => {
    const who = viewerKeyOf(viewer) ?? `a${client?.address ?? ''}`
    const day = Math.floor(clock() / DAY)
    return uuidOf(createHmac('sha256', secret).update(`once ${action} ${articleId} ${day} ${who}`).digest('hex'))
  }

const uuidOf = (hash: string): string =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
