import type { AnchorHTMLAttributes } from 'react'
import { Link } from 'wouter'

/** What a list knows of an article. The article's screen shows it until the article is loaded. */
export interface ArticlePreview {
  /** The tracking token of the click, sent when the article is loaded. */
  trace?: string
  title: string
  aut_name?: string
  pubdate?: string
}

let lastOpened: string | undefined

/** The id of the article whose link was clicked last. */
export const lastOpenedArticle = (): string | undefined => lastOpened

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  id: string
  preview: ArticlePreview
}

export function ArticleLink({ id, preview, ...attributes }: Omit<Props, 'href' | 'onClick'>) {
  const onClick = () => {
    lastOpened = id
  }
  return <Link {...attributes} href={`/article/${id}`} state={preview} onClick={onClick} />
}
