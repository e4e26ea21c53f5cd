// Two durable consumers, to be killed by scenario.ts: `consumer-process.ts DATABASE_URL FILE KILL_POINT`. At the kill point it
// writes a line to stdout and waits for ever.

import { appendFileSync } from 'node:fs'
import { sql } from 'kysely'
import { silentLog } from '../../../src/base/log.ts'
import { openDatabase } from '../../../src/engines/database/database.ts'
import { CHANGE_COLUMNS, type LoggedChange } from '../../../src/engines/log/change-log.ts'
import { createDurableConsumer, type DurableConsumerSpec } from '../../../src/engines/log/durable-consumer.ts'
import { pause } from '../../support/waiting.ts'

export type KillPoint =
  | 'during the snapshot'
  | 'before the effect in postgres'
  | 'after the effect in postgres'
  | 'after the effect elsewhere'

const [url = '', file = '', killPoint = ''] = process.argv.slice(2)
const { db, pool } = openDatabase({ url, name: 'broadsheet log consumer', log: silentLog, connectionsMax: 4 })

async function reach(point: KillPoint): Promise<void> {
  if (point !== killPoint) return
  process.stdout.write(`${point}\n`)
  await new Promise(() => setInterval(() => {}, 60_000)) // keeps the process until it is killed
}

const appendKeys = (rows: { key: bigint }[]) => appendFileSync(file, rows.map(({ key }) => `${key}\n`).join(''))

const common: Pick<DurableConsumerSpec<LoggedChange>, 'log' | 'columns' | 'wants'> = {
  log: 'change',
  columns: CHANGE_COLUMNS,
  wants: change => change.topic === 'reader',
}

const inPostgres = createDurableConsumer<LoggedChange>(
  {
    ...common,
    name: 'in postgres',
    effect: {
      where: 'postgres',
      async apply(rows, tx) {
        await reach('before the effect in postgres')
        await sql`insert into effect select unnest(${rows.map(row => row.key)}::bigint[])`.execute(tx)
        await reach('after the effect in postgres')
      },
    },
    async rebuild({ end: { xid } }) {
      await sql`delete from effect`.execute(db)
      await sql`insert into effect select key from change where topic = 'reader' and xid < ${xid}::xid8`.execute(db)
      await reach('during the snapshot')
    },
  },
  { db, pool },
)

const elsewhere = createDurableConsumer<LoggedChange>(
  {
    ...common,
    name: 'elsewhere',
    effect: {
      where: 'elsewhere',
      async apply(rows) {
        appendKeys(rows)
        await reach('after the effect elsewhere')
      },
    },
    async rebuild() {
      appendKeys((await sql<{ key: bigint }>`select id as key from reader`.execute(db)).rows)
    },
  },
  { db, pool },
)

for (;;) {
  // Side by side, so that neither waits while the other is at its kill point.
  await Promise.all([inPostgres.catchUp(), elsewhere.catchUp()])
  await pause(20)
}
