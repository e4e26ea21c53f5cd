// What an editor decides and pins, without the way over HTTP.

import type { ArticleId, ChannelId } from '../../src/base/id.ts'
import type { Db } from '../../src/engines/database/database.ts'
import { createOperationLog } from '../../src/features/admins/operation-log.ts'
import { createPinning } from '../../src/features/pinned/pinning.ts'
import { createReview } from '../../src/features/writing/review.ts'
import type { ReviewAction } from '../../src/features/writing/transitions.ts'
import type { Operator } from '../../src/http/access.ts'

const AN_EDITOR: Operator = { id: null, name: 'an editor', ip: '' }

export function editorOf({ db }: { db: Db }) {
  const operationLog = createOperationLog({ db })
  const review = createReview({ db, operationLog })
  const pinning = createPinning({ db, operationLog })
  return {
    decide: (id: ArticleId, action: ReviewAction, given?: { reason?: string; version?: string }) =>
      review.decide(AN_EDITOR, id, action, given),
    listWaiting: review.listWaiting,
    pin: (channelId: ChannelId, id: ArticleId) => pinning.pin(AN_EDITOR, channelId, id),
    unpin: (channelId: ChannelId, id: ArticleId) => pinning.unpin(AN_EDITOR, channelId, id),
  }
}
