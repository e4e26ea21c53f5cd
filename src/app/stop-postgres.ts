// Stops the PostgreSQL that this process started, but not while other commands still use it.

import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { EmbeddedPostgres } from '../engines/postgres/embedded-postgres.ts'

const POLL_MS = 100

/** A command that started PostgreSQL waits until other commands have disconnected. `name` is its application name. */
export async function stopWhenUnused(postgres: EmbeddedPostgres, name: string): Promise<void> {
  if (postgres.isOwner && !name.startsWith('broadsheet server')) await waitForOtherCommands(postgres.url, name)
  await postgres.stop()
}

async function waitForOtherCommands(url: string, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, application_name: name })
  client.on('error', () => {})
  try {
    await client.connect()
    for (;;) {
      const { rows } = await client.query<{ others: number }>(
        `select count(*)::int as others from pg_stat_activity where application_name like 'broadsheet cli %' and application_name <> $1`,
        [name],
      )
      if (rows[0]?.others === 0) return
      await sleep(POLL_MS)
    }
  } catch {
    // PostgreSQL has already stopped.
  } finally {
    await client.end().catch(() => {})
  }
}
