const UNIQUE_VIOLATION = '23505' // SQLSTATE

/** What `write` returns, or 'taken' if another row has a value that only one may have. The transaction, if any, is then over. */
export async function writeUnique<const T>(write: () => Promise<T>): Promise<T | 'taken'> {
  try {
    return await write()
  } catch (err) {
    if ((err as { code?: string }).code === UNIQUE_VIOLATION) return 'taken'
    throw err
  }
}
