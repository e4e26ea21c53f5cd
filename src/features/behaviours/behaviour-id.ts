import { createHash } from 'node:crypto'

/** The id of an action on one article of one page: the same trace sent again makes the same id, and so counts once. */
export const behaviourIdOf = ({ action, pageId, articleId }: { action: string; pageId: bigint; articleId: bigint }): string =>
  uuidFromText(`${action} ${pageId} ${articleId}`)

/** A UUID (version 8) made from a hash: equal texts give equal ids. */
export const uuidFromText = (text: string): string => uuidOf(createHash('sha256').update(text).digest('hex'))

export const uuidOf = (hash: string): string =>
  `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
