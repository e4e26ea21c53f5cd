// For the tests of the demo: the content of a database in a form that can be compared.

import assert from 'node:assert/strict'
import type pg from 'pg'

// Logs also hold what was deleted since; a device was here also if what it read is gone; the others describe the installation.
const EXCLUDED = ['change', 'counter_delta', 'counter', 'device', 'event', 'migration', 'id_worker', 'counted']

/** A checksum by table. Behaviours are taken in the order of this database's log, and as pages without their position in it. */
export async function tableChecksums(pool: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace and relname <> all($1)`,
    [EXCLUDED],
  )
  const checksums: Record<string, string> = {}
  for (const { name } of rows) {
    const expression =
      name === 'behaviour' || name === 'page'
        ? `md5(string_agg((to_jsonb(t) - 'xid' - 'seq')::text, ',' order by ${name === 'page' ? 'id' : 'xid, seq'}))`
        : `md5(string_agg(t::text, ',' order by t::text))`
    const { rows: found } = await pool.query<{ checksum: string | null }>(`select ${expression} as checksum from ${name} t`)
    checksums[name] = found[0]?.checksum ?? 'empty'
  }
  return checksums
}

/** Fails unless every count, folded or not, equals the count of the rows. */
export async function assertCountersAgree(pool: pg.Pool): Promise<void> {
  const { rows } = await pool.query(`
    with counted as (
      select kind, key, sum(value) as value from (select kind, key, value from counter union all select kind, key, d from counter_delta) every
       group by kind, key having sum(value) <> 0
    )
    select coalesce(c.kind, t.kind) as kind, coalesce(c.key, t.key) as key, c.value as counted, t.value as truth
      from counted c full join counter_truth() t using (kind, key) where c.value is distinct from t.value`)
  assert.deepEqual(rows, [])
}
