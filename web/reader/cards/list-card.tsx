// A card of a list other than the feed: related articles, search results, an author's, one's own.

import { type HTMLAttributes, type ReactNode, useId } from 'react'
import { Headline } from '../../shared/headline.tsx'
import { textAttributes } from '../../shared/language.ts'
import { formatAge, formatCount, formatTime } from '../../shared/time.ts'
import type { PlainCard } from '../api/types.ts'
import { ArticleLink, CommentsLink } from '../article-link.tsx'
import { AuthorLink } from '../author/author-link.tsx'
import { Cover } from '../feed/cover.tsx'
import { words } from '../words.ts'

interface Props extends HTMLAttributes<HTMLElement> {
  card: PlainCard
  /** Takes the place of the plain title. */
  heading?: ReactNode
  /** At the end of its last line. */
  children?: ReactNode
}

export function ListCard({ card, heading, children, ...attributes }: Props) {
  const { art_id: id, title, aut_id, aut_name, pubdate, cover, comm_count } = card
  const titleId = useId() // an article may be in two lists of a page
  return (
    <article className="card" data-layout={cover.type} data-anchor={id} aria-labelledby={titleId} {...attributes}>
      <h2 id={titleId} {...textAttributes(title)}>
        <ArticleLink id={id} preview={{ title, aut_name, pubdate }}>
          {heading ?? <Headline text={title} />}
        </ArticleLink>
      </h2>
      {cover.type > 0 && <Cover images={cover.images} eager={false} />}
      <div className="facts">
        <p>
          <AuthorLink id={aut_id} name={aut_name} />
          <time dateTime={pubdate} title={formatTime(pubdate)}>
            {formatAge(pubdate)}
          </time>
          {comm_count > 0 && <CommentsLink id={id}>{words.comments(formatCount(comm_count))}</CommentsLink>}
        </p>
        {children}
      </div>
    </article>
  )
}
