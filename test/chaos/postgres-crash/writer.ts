// A process for tests: opens the database of the folder in argv[2], says so on stdout, and, if argv[3] is `write`, writes rows
// until it is killed. A number on stdout means that PostgreSQL has acknowledged that row. Ends cleanly when stdin does.

import { Pool } from 'pg'
import { silentLog } from '../../../src/base/log.ts'
import { startPostgres } from '../../../src/engines/postgres/embedded-postgres.ts'

process.on('SIGINT', () => {}) // as the product does while it drains

const [, , dataDir = '', writes] = process.argv
const postgres = await startPostgres({ dataDir, log: silentLog })
const { url, isOwner, pid } = postgres
process.stdout.write(`${JSON.stringify({ url, isOwner, pid })}\n`)
process.stdin.resume().once('end', () => postgres.stop().then(() => process.exit()))

if (writes === 'write') {
  const pool = new Pool({ connectionString: url, max: 8 }) // several at once, so that they share a commit and one is always under way
  pool.on('error', () => {})
  await pool.query('create table if not exists acknowledged (id bigserial primary key, text text not null)')
  for (let writer = 0; writer < 8; writer++) void write(pool)
}

async function write(pool: Pool): Promise<never> {
  for (;;) {
    const { rows } = await pool.query<{ id: string }>("insert into acknowledged (text) values (repeat('头条', 100)) returning id")
    process.stdout.write(`${rows[0]?.id}\n`)
  }
}
