// Where uploaded files are kept, and what the product does with them.

import { createSealing } from '../base/sealing.ts'
import { openFiles } from '../engines/files/open-files.ts'
import { createRateLimiter } from '../engines/limits/rate-limiter.ts'
import type { FeatureModule } from '../features/feature-module.ts'
import { createEncode } from '../features/files/encoding.ts'
import { createFileJobs } from '../features/files/file-jobs.ts'
import { fileRoutes } from '../features/files/files.routes.ts'
import { createFiles, type Files } from '../features/files/files.ts'
import { materialRoutes } from '../features/files/materials.routes.ts'
import { uploadRoutes } from '../features/files/upload.routes.ts'
import { ADDRESS_UPLOADS, type CheckUploadLimit, createUploadLimit, READER_UPLOADS } from '../features/files/upload-limits.ts'
import { adminIdentityRoutes, ownIdentityRoutes } from '../features/identity/identity.routes.ts'
import { createIdentity, type Identity } from '../features/identity/identity.ts'
import type { Infrastructure } from './infrastructure.ts'

export interface FilesParts {
  files: Files
  identity: Identity
  checkUploadLimit: CheckUploadLimit
  modules: FeatureModule[]
  close(): void
}

export async function createFilesParts(
  { config, database: { db }, newId, secrets, redis, log }: Infrastructure,
  absoluteUrl: (path: string) => string,
): Promise<FilesParts> {
  const store = await openFiles(config.files, Date.now)
  const sealing = createSealing(secrets.files)
  const files = createFiles({ db, store, newId, encode: createEncode(), sealing, absoluteUrl, log })
  const identity = createIdentity({
    db,
    log,
    sealing: createSealing(secrets.identity), // names and numbers have a key of their own
    storePrivatePicture: files.storePrivatePicture,
    openPrivatePicture: files.openPrivatePicture,
  })
  const checkUploadLimit = createUploadLimit({
    readers: createRateLimiter(READER_UPLOADS, redis),
    addresses: createRateLimiter(ADDRESS_UPLOADS, redis),
  })
  const needs = { db, files, checkLimit: checkUploadLimit, absoluteUrl }
  return {
    files,
    identity,
    checkUploadLimit,
    modules: [
      { routes: { files: fileRoutes(files) }, jobs: createFileJobs({ db, store }) },
      { routes: { 'app v1_0': uploadRoutes(needs, config.anonymousUpload) } },
      { routes: { studio: materialRoutes(needs, 'studio'), creator: materialRoutes(needs, 'login') } },
      { routes: { own: ownIdentityRoutes(identity), 'own admin': adminIdentityRoutes(identity) } },
    ],
    close: () => store.close(),
  }
}
