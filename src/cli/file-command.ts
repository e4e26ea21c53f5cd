import type { Clock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Db } from '../engines/database/database.ts'

/** What a command that reads or writes a file of articles is given. */
export interface FileCommandNeeds {
  db: Db
  newId: () => bigint
  log: Log
  clock: Clock
  timeZone: string
  cleanHtml: (html: string) => string
  file: string
  stderr?: NodeJS.WriteStream
  /** Stops it: an import after its batch. */
  signal?: AbortSignal
}
