import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../engines/database/database.ts'
import type { FingerprintOf } from '../features/writing/fingerprint.ts'
import type { InsertArticles } from '../features/writing/writing.sql.ts'

/** What `import articles` and `export articles` need. */
export interface FileCommandNeeds {
  db: Db
  newId: () => bigint
  log: Log
  clock: Clock
  timeZone: string
  sanitizeHtml: (html: string) => string
  fingerprintOf: FingerprintOf
  insertArticles: InsertArticles
  file: string
  stderr?: NodeJS.WriteStream
  /** Stops the command: an import after its current batch. */
  signal?: AbortSignal
}
