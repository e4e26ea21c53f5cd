import { Problem } from '../../base/problem.ts'

// Beginnings of messages in the logs; the causes keep the details.

/** The store refuses: it is full, or does not let us write. Trying again does not help. */
export const storageFailed = (cause: unknown) =>
  Object.assign(new Problem('storage-failed', 'The file could not be stored: the file store is full or refuses it.'), { cause })

/** The store does not answer, or not in time. */
export const storeUnavailable = (cause: unknown) =>
  Object.assign(new Problem('unavailable', 'The file store does not answer. Please try again.'), { cause })
