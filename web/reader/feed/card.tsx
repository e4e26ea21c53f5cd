import { memo } from 'react'
import { Headline } from '../../shared/headline.tsx'
import { ago, count, fullTime, languageOf } from '../../shared/time.ts'
import type { Card, Page } from '../api/types.ts'
import { Link } from '../article-link.tsx'
import { words } from '../words.ts'
import { Cover } from './cover.tsx'
import { WhyButton } from './why.tsx'

interface Props {
  card: Card
  /** The page it came with, which knows how many it was chosen from. */
  page: Page
  lead: boolean
  /** From 1. */
  place: number
}

// Seen without scrolling on a large screen: not put off.
const EAGER = 4

export const FeedCard = memo(({ card, page, lead, place }: Props) => {
  const { art_id: id, title, aut_name, pubdate, cover, trace, why } = card
  const name = `title-${id}`
  const facts = `facts-${id}`
  return (
    <article
      className="card"
      data-layout={cover.type}
      data-lead={lead || undefined}
      data-anchor={id}
      tabIndex={0}
      aria-posinset={place}
      aria-setsize={-1}
      aria-labelledby={name}
      aria-describedby={facts}
    >
      <h2 id={name} lang={languageOf(title)}>
        {/* The article itself takes the focus and opens on Enter: one stop of Tab, not two. */}
        <Link to={{ name: 'article', id }} from={{ trace: trace.click, title, aut_name, pubdate }} tabIndex={-1}>
          <Headline text={title} />
        </Link>
      </h2>
      {cover.type > 0 && <Cover images={cover.images} eager={place <= EAGER} />}
      <div className="facts">
        <p id={facts}>
          {card.is_top === 1 && <span className="top">{words.top}</span>}
          <span className="author" lang={languageOf(aut_name)}>
            {aut_name}
          </span>
          <time dateTime={pubdate} title={fullTime(pubdate)}>
            {ago(pubdate)}
          </time>
          {card.comm_count > 0 && <span>{words.comments(count(card.comm_count))}</span>}
          {card.like_count > 0 && <span>{words.likes(count(card.like_count))}</span>}
        </p>
        {why && <WhyButton why={why} funnel={page.funnel} about={title} />}
      </div>
    </article>
  )
})
