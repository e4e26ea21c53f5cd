// An action of a viewer on an article counts once a day, however often it is repeated.

import { createHmac, createSecretKey } from 'node:crypto'
import { type Clock, DAY } from '../../base/clock.ts'
import type { ArticleId } from '../../base/id.ts'
import type { Client } from '../../base/network.ts'
import type { Viewer } from '../../base/viewer.ts'
import { viewerKeyOf } from '../../base/viewer-key.ts'
import { uuidOf } from './behaviour-id.ts'

/** `client` may be undefined where no viewer is anonymous. `at`: when it was done; now by default. */
export type OnceKeyOf = (viewer: Viewer, client: Client | undefined, action: string, articleId: ArticleId, at?: number) => string

/**
 * The key under which a viewer's action on an article is stored once a day (UTC, by our clock: clients could choose theirs). An
 * anonymous viewer is an address. The hash has a key, because all addresses could be tried against one without.
 */
export function createOnceKey({ secret, clock }: { secret: string; clock: Clock }): OnceKeyOf {
  const key = createSecretKey(Buffer.from(secret)) // made once: it takes longer than a signature
  return (viewer, client, action, articleId, at = clock()) => {
    const who = viewerKeyOf(viewer) ?? `a${client?.address ?? ''}`
    const day = Math.floor(at / DAY)
    return uuidOf(createHmac('sha256', key).update(`once ${action} ${articleId} ${day} ${who}`).digest('hex'))
  }
}
