import { sql } from 'kysely'
import type { ArticleId, ChannelId, ReaderId } from '../../base/id.ts'
import { plainText } from '../../base/plain-text.ts'
import { isLonger } from '../../base/text.ts'
import type { Db } from '../../engines/database/database.ts'

export interface CardRow {
  id: ArticleId
  title: string
  author_id: ReaderId
  channel_id: ChannelId
  cover: string[]
  published_at: Date
  /** Whether the article is pinned in its own channel. */
  is_top: 0 | 1
  /** The first line of a long text; empty for a short one. */
  dek: string
}

// Characters of HTML: some two hundred of text, which takes longer than a glance.
const LONG_MIN = 400
// PostgreSQL decompresses no more of a text than is asked for; its length would take all of it.
const OPENING_MAX = 1_000
/** Two lines below the lead of a wide screen. */
const DEK_MAX = 140

/** Published articles only. */
export async function findCardRows(db: Db, ids: ArticleId[]): Promise<CardRow[]> {
  const { rows } = await sql<Omit<CardRow, 'dek'> & { opening: string | null }>`
    select article.id, article.title, article.author_id, article.channel_id, article.cover, article.published_at,
           exists (select from top_article where top_article.channel_id = article.channel_id and article_id = article.id)::int as is_top,
           left(html, ${OPENING_MAX}) as opening
      from published_article article left join article_content on article_content.article_id = article.id
     where article.id = any(${ids}::bigint[])`.execute(db)
  return rows.map(({ opening, ...row }) => ({ ...row, dek: opening && isLonger(opening, LONG_MIN - 1) ? dekOf(opening) : '' }))
}

/** `opening` may end in the middle of a tag. A word of an alphabet is not cut. */
function dekOf(opening: string): string {
  const letters = [...plainText(opening.replace(/<[^<>]*$/, ''))]
  const start = letters.slice(0, DEK_MAX).join('')
  return letters.length <= DEK_MAX ? start : `${start.replace(/\s+[^\s\p{sc=Han}]*$/u, '')}…`
}
