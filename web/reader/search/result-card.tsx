import { Fragment } from 'react'
import { textAttributes } from '../../shared/language.ts'
import { formatAge, formatCount, formatTime } from '../../shared/time.ts'
import { ArticleLink } from '../article-link.tsx'
import { Cover } from '../feed/cover.tsx'
import { words } from '../words.ts'
import type { Result } from './search-queries.ts'

export function ResultCard({ card, position, total }: { card: Result; position: number; total: number }) {
  const { art_id: id, title, aut_name, pubdate, cover, highlights } = card
  return (
    <article className="card" data-layout={cover.type} aria-posinset={position} aria-setsize={total} aria-labelledby={`title-${id}`}>
      <h2 id={`title-${id}`} {...textAttributes(title)}>
        <ArticleLink id={id} preview={{ title, aut_name, pubdate }}>
          <Marked text={title} ranges={highlights} />
        </ArticleLink>
      </h2>
      {cover.type > 0 && <Cover images={cover.images} eager={false} />}
      <div className="facts">
        <p>
          <span className="author" {...textAttributes(aut_name)}>
            {aut_name}
          </span>
          <time dateTime={pubdate} title={formatTime(pubdate)}>
            {formatAge(pubdate)}
          </time>
          {card.comm_count > 0 && <span>{words.comments(formatCount(card.comm_count))}</span>}
        </p>
      </div>
    </article>
  )
}

/** The title with what was looked for. It is put together from pieces of text, so nothing in it is markup. */
function Marked({ text, ranges }: { text: string; ranges: readonly (readonly number[])[] }) {
  let at = 0
  const parts = ranges.map(([from = 0, to = 0]) => {
    const before = text.slice(at, from)
    at = to
    return (
      <Fragment key={from}>
        {before}
        <mark>{text.slice(from, to)}</mark>
      </Fragment>
    )
  })
  return [...parts, text.slice(at)]
}
