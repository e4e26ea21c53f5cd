import { createHash } from 'node:crypto'

/** What was done with one place of one page counts once, however often its trace comes back. */
export const behaviourIdOf = ({ action, pageId, articleId }: { action: string; pageId: bigint; articleId: bigint }): string =>
  uuidFromText(`${action} ${pageId} ${articleId}`)

/** The same text has the same id everywhere. */
export function uuidFromText(text: string): string {
  const hash = createHash('sha256').update(text).digest('hex')
  return `${hash.slice(0, 8)}-${hash.slice(8, 12)}-8${hash.slice(13, 16)}-8${hash.slice(17, 20)}-${hash.slice(20, 32)}`
}
