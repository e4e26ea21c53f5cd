import type { AnchorHTMLAttributes, ReactNode } from 'react'
import { Link } from '../shared/router.tsx'

/** What a list knows of an article. The article's screen shows it until the article is loaded. */
export interface ArticlePreview {
  /** The tracking token of the click, sent when the article is loaded. */
  trace?: string
  title: string
  aut_name?: string
  pubdate?: string
}

let lastOpened: string | undefined

/** Also when the reader goes on from one article to the next: back in the feed, they go on from there. */
function noteOpened(id: string): void {
  lastOpened = id
}

/** The id of the article that was opened last. */
export const lastOpenedArticle = (): string | undefined => lastOpened

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  id: string
  preview: ArticlePreview
  /** Takes the place of this page in the browser's history. */
  replace?: boolean
  'data-side'?: string
}

export function ArticleLink({ id, preview, ...attributes }: Omit<Props, 'href' | 'onClick'>) {
  return <Link {...attributes} href={`/article/${id}`} state={preview} onClick={() => noteOpened(id)} />
}

/** The hash of an article's address that leads to its comments. */
export const COMMENTS_HASH = '#comments'

/** The number of comments of a card. */
export function CommentsLink({ id, children }: { id: string; children: ReactNode }) {
  return (
    <Link href={`/article/${id}${COMMENTS_HASH}`} onClick={() => noteOpened(id)}>
      {children}
    </Link>
  )
}
