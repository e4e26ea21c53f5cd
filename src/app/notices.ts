// Notices and their pushes: made by workers, pushed by processes with sockets, listed by the API.

import type { ReaderId } from '../base/id.ts'
import { FOLLOW_LOG, type Task } from '../base/task.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { createFanoutTask, createNoticeMaker } from '../features/notices/make-notices.ts'
import { createNewArticles } from '../features/notices/new-articles.ts'
import { noticeRoutes } from '../features/notices/notices.routes.ts'
import { createNotices } from '../features/notices/notices.ts'
import { createPresence, RENEW_MS } from '../features/notices/presence.ts'
import { createNoticePusher } from '../features/notices/push-notices.ts'
import { createPushService } from '../features/notices/push-service.ts'
import { createMinuteOfDay } from '../features/notices/quiet-hours.ts'
import { webPushRoutes } from '../features/notices/web-push.routes.ts'
import { createWebPush } from '../features/notices/web-push.ts'
import { photoPath } from '../features/profiles/profiles.ts'
import type { Sockets } from '../http/sockets/sockets.ts'
import type { Infrastructure } from './infrastructure.ts'

/** Long enough to count the articles of one import together. */
const NEW_ARTICLES_MS = 2_000

/** `sockets`: those of this process, undefined without the role `realtime`. */
export async function createNoticeParts(
  { config, database: { db }, redis, lags, secrets }: Infrastructure,
  absoluteUrl: (path: string) => string,
  sockets: Sockets | undefined,
): Promise<{ module: FeatureModule; tasks: Task[] }> {
  const photoUrl = (id: ReaderId, photo: string | null) => absoluteUrl(photoPath(id, photo))
  const presence = createPresence(redis)
  const minuteOfDay = createMinuteOfDay(config.timezone)
  const contact = `mailto:webmaster@${new URL(config.publicUrl ?? 'http://localhost').hostname}`
  const service = createPushService({ secret: secrets.tokens, contact, ownHosts: config.webPushHosts })
  const webPush = createWebPush({ db, service, clock: Date.now, minuteOfDay })
  const notices = createNotices({ db, presence, photoUrl })
  const module: FeatureModule = {
    routes: {
      own: async server => {
        await noticeRoutes(notices)(server)
        await webPushRoutes(webPush)(server)
      },
    },
    consumers: [createNoticeMaker(), webPush.consumer],
  }
  const tasks = [createFanoutTask(db)]
  if (!sockets) return { module, tasks }

  const pusher = await createNoticePusher({ db, lags, sockets, photoUrl, clock: Date.now, minuteOfDay })
  const newArticles = createNewArticles({ db, sockets })
  const role = 'realtime'
  return {
    module: { ...module, onChange: newArticles.applyChanges },
    tasks: [
      ...tasks,
      { name: 'push-notices', role, ...FOLLOW_LOG, notifications: ['notice'], run: pusher.catchUp },
      { name: 'push-new-articles', role, intervalMs: NEW_ARTICLES_MS, run: newArticles.push },
      { name: 'renew-presence', role, intervalMs: RENEW_MS, run: () => presence.renew(sockets.readers()) },
    ],
  }
}
