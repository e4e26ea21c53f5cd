// For the tests of the demo: what a database holds, in a form that can be compared.

import assert from 'node:assert/strict'
import type pg from 'pg'

// Logs remember what has been and gone; the others describe the installation.
const LEFT_OUT = ['change', 'counter_delta', 'counter', 'migration', 'id_worker', 'counted']

/** A checksum of every table; behaviours without their place in this database's log, but in the order of that log. */
export async function tableChecksums(pool: pg.Pool): Promise<Record<string, string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select relname as name from pg_class where relkind in ('r', 'p') and not relispartition and relnamespace = 'public'::regnamespace and relname <> all($1)`,
    [LEFT_OUT],
  )
  const sums: Record<string, string> = {}
  for (const { name } of rows) {
    const text =
      name === 'behaviour'
        ? `md5(string_agg((to_jsonb(t) - 'xid' - 'seq')::text, ',' order by xid, seq))`
        : `md5(string_agg(t::text, ',' order by t::text))`
    const { rows: found } = await pool.query<{ sum: string | null }>(`select ${text} as sum from ${name} t`)
    sums[name] = found[0]?.sum ?? 'empty'
  }
  return sums
}

/** Every count, folded or not, is what the rows themselves say. */
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
