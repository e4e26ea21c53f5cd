// Chat between readers: sent and listed by the API, pushed by processes with sockets.

import type { ReaderId } from '../base/id.ts'
import { isPlausibleId } from '../base/snowflake.ts'
import { FOLLOW_LOG, type Task } from '../base/task.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import { chatRoutes } from '../features/chat/chat.routes.ts'
import { createChat, SEND_LIMIT, STRANGER_LIMIT } from '../features/chat/chat.ts'
import { createChatPusher } from '../features/chat/push-chats.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import type { Moderation } from '../features/moderation/moderation.ts'
import { photoPath } from '../features/profiles/profiles.ts'
import type { Sockets } from '../http/sockets/sockets.ts'
import type { Infrastructure } from './infrastructure.ts'

/** `sockets`: those of this process, undefined without the role `realtime`. */
export async function createChatParts(
  { database: { db }, redis, newId, lags }: Infrastructure,
  { moderation, absoluteUrl, sockets }: { moderation: Moderation; absoluteUrl: (path: string) => string; sockets: Sockets | undefined },
): Promise<{ module: FeatureModule; tasks: Task[] }> {
  const chat = createChat({
    db,
    newId,
    isPlausibleId: id => isPlausibleId(id, Date.now()),
    photoUrl: (id: ReaderId, photo: string | null) => absoluteUrl(photoPath(id, photo)),
    publicUrl: () => absoluteUrl(''),
    checkMessage: moderation.checkMessage,
    sendLimiter: createRateLimiter(SEND_LIMIT, redis),
    strangerLimiter: createRateLimiter(STRANGER_LIMIT, redis),
  })
  const module: FeatureModule = { routes: { own: chatRoutes(chat) } }
  if (!sockets) return { module, tasks: [] }
  const { run, applyChanges, tellAll } = await createChatPusher({ db, lags, sockets })
  return {
    module: { ...module, onChange: applyChanges, onGap: tellAll },
    tasks: [{ name: 'push-chats', role: 'realtime', ...FOLLOW_LOG, notifications: ['event'], run }],
  }
}
