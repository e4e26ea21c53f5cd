import { hash } from 'node:crypto'

/** The id of an action on one article of one page: the same trace sent again makes the same id, and so counts once. */
export const behaviourIdOf = ({ action, pageId, articleId }: { action: string; pageId: bigint; articleId: bigint }): string =>
  uuidFromText(`${action} ${pageId} ${articleId}`)

/** A UUID (version 8) made from a hash: equal texts give equal ids. */
export const uuidFromText = (text: string): string => uuidOf(hash('sha256', text, 'hex'))

export const uuidOf = (hex: string): string =>
  `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
