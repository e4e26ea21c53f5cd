// The text key of a viewer, as rows (page.viewer, behaviour.viewer, …) and Redis store it: `r<reader id>` or
// `d<device id>`. This is the only file that writes or parses it.

import type { ReaderId } from './id.ts'
import type { Viewer } from './viewer.ts'

const READER = 'r'
const DEVICE = 'd'

/** Undefined for an anonymous viewer: nothing is stored about one. */
export function viewerKeyOf(viewer: Viewer): string | undefined {
  if (viewer.kind === 'reader') return readerKey(viewer.id)
  if (viewer.kind === 'device') return `${DEVICE}${viewer.id}`
  return undefined
}

export const readerKey = (id: ReaderId): string => `${READER}${id}`

/** Undefined for the key of a device. */
export const readerIdOf = (viewerKey: string): ReaderId | undefined =>
  viewerKey.startsWith(READER) ? (BigInt(viewerKey.slice(READER.length)) as ReaderId) : undefined

/** An SQL expression for the key of the reader whose id `column` holds. */
export const readerKeySql = (column: string): string => `'${READER}' || ${column}`

/** An SQL expression for the reader id in the key that `column` holds; null for the key of a device. */
export const readerIdSql = (column: string): string =>
  `case when ${isReaderKeySql(column)} then substr(${column}, ${READER.length + 1})::bigint end`

/** An SQL condition: whether `column` holds the key of a reader. */
export const isReaderKeySql = (column: string): string => `${column} like '${READER}%'`
