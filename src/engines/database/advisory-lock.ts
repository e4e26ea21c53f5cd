import type pg from 'pg'

/** The two parts of a lock's name: what it protects, and which one of those. */
export type AdvisoryLock = [scope: string, name: string]

/**
 * Runs `work` with an advisory lock of PostgreSQL, on the connection whose session holds it, and opens no transaction. Answers
 * `acquired: false` at once if another session has the lock. The lock ends with its session, however that ends.
 */
export async function tryWithAdvisoryLock<T>(
  pool: pg.Pool,
  lock: AdvisoryLock,
  work: (client: pg.PoolClient) => Promise<T>,
): Promise<{ acquired: true; result: T } | { acquired: false }> {
  const client = await pool.connect()
  let acquired = false
  let failed: Error | undefined
  try {
    const { rows } = await client.query<{ acquired: boolean }>('select pg_try_advisory_lock(hashtext($1), hashtext($2)) as acquired', lock)
    acquired = rows[0]?.acquired === true
    return acquired ? { acquired, result: await work(client) } : { acquired: false }
  } catch (err) {
    failed = err as Error
    throw err
  } finally {
    if (acquired)
      await client.query('select pg_advisory_unlock(hashtext($1), hashtext($2))', lock).catch(err => {
        failed ??= err
      })
    client.release(failed !== undefined) // a failed connection is closed, which also frees the lock
  }
}
