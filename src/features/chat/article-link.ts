// The article that a message links to: by an address of this server or of the page it was written on, or by a path alone. An address
// of another site gets no card, because our title would vouch for it.

import { type ArticleId, parseId } from '../../base/id.ts'

/** An address ends where it does on the screen (web/reader/chat/message-item.tsx). */
const LINK = /https?:\/\/[^\s<>"'，。；！？）】》]+|(?<![\w.:/\\-])\/(?!\/)[^\s<>"'，。；！？）】》]*/gi
/** Of the web app, or of an existing client. */
const ARTICLE = /\/article\/(\d{1,19})(?!\d)/

export function findArticleLink(text: string, ownAddresses: readonly (string | undefined)[]): ArticleId | undefined {
  const origins = ownAddresses.flatMap(address => originOf(address) ?? [])
  const isOwn = (address: string) => origins.some(origin => origin === originOf(address))
  for (const [link] of text.matchAll(LINK)) {
    const id = ARTICLE.exec(link)?.[1]
    if (id && (link.startsWith('/') || isOwn(link))) return parseId(id) as ArticleId | undefined
  }
  return undefined
}

const originOf = (address: string | undefined) => (address && URL.canParse(address) ? new URL(address).origin : undefined)
