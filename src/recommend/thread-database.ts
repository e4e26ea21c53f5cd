import { silentLog } from '../base/log.ts'
import { type Database, openDatabase } from '../engines/database/database.ts'

/** No request waits for the connection of a thread, only work of seconds or minutes, which would fail as a whole. */
const THREAD_CONNECT_MS = 30_000

/** The database of a thread that computes, with one connection. */
export function openThreadDatabase(url: string, name: string): Database {
  const database = openDatabase({ url, name, log: silentLog, connectionsMax: 1 })
  database.setConnectMs(THREAD_CONNECT_MS)
  return database
}
