// What administrators do with content and readers: review articles, manage channels, freeze and verify readers.

import { createLocalTimeFormat } from '../base/clock.ts'
import { officeUserRoutes } from '../features/accounts/office-users.routes.ts'
import { createOfficeUsers } from '../features/accounts/office-users.ts'
import type { OperationLog } from '../features/admins/operation-log.ts'
import { officeChannelRoutes } from '../features/channels/office-channels.routes.ts'
import { createOfficeChannels } from '../features/channels/office-channels.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { legalizeRoutes } from '../features/identity/legalizes.routes.ts'
import { createLegalizes } from '../features/identity/legalizes.ts'
import { officeArticleRoutes } from '../features/writing/office-articles.routes.ts'
import { createOfficeArticles } from '../features/writing/office-articles.ts'
import type { Counting } from './counting.ts'
import type { FilesParts } from './files.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface OfficeNeeds {
  operationLog: OperationLog
  counting: Counting
  files: FilesParts
  absoluteUrl: (path: string) => string
}

export function createOfficeModules(
  { config, database: { db }, newId }: Infrastructure,
  { operationLog, counting: { counters }, files: { files, identity }, absoluteUrl }: OfficeNeeds,
): FeatureModule[] {
  const localTime = createLocalTimeFormat(config.timezone)
  const articles = createOfficeArticles({ db, operationLog })
  const channels = createOfficeChannels({ db, operationLog })
  const users = createOfficeUsers({ db, newId, operationLog, storePicture: files.storePicture })
  const legalizes = createLegalizes({ db, operationLog, readTexts: identity.readTexts })
  return [
    { routes: { admin: officeArticleRoutes({ articles, counters, localTime, absoluteUrl }) } },
    { routes: { admin: officeChannelRoutes(channels) } },
    { routes: { admin: officeUserRoutes({ users, localTime }) } },
    { routes: { admin: legalizeRoutes({ legalizes, localTime, absoluteUrl }) } },
  ]
}
