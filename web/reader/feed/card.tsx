import { memo } from 'react'
import { Headline } from '../../shared/headline.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { formatAge, formatCount, formatTime } from '../../shared/time.ts'
import type { Card, Page } from '../api/types.ts'
import { ArticleLink, CommentsLink } from '../article-link.tsx'
import { AuthorLink } from '../author/author-link.tsx'
import { words } from '../words.ts'
import { CardMenu } from './card-menu.tsx'
import { Cover } from './cover.tsx'

interface Props {
  card: Card
  /** The page the card came with; it says how many candidates it was chosen from. */
  page: Page
  /** At the head of the feed; see styles/front.css. */
  place?: 'lead' | 'second'
  /** In the feed, from 1. */
  position: number
  /** The name of its channel, where the feed has several. */
  channel: string | undefined
}

const EAGER_MAX = 4 // visible without scrolling on a large screen: their pictures are not loaded lazily

export const FeedCard = memo(({ card, page, place, position, channel }: Props) => {
  const { art_id: id, title, aut_id, aut_name, pubdate, cover, trace } = card
  const reason = ownReason(card)
  return (
    <article
      className="card"
      data-layout={cover.type}
      data-place={place}
      data-anchor={id}
      tabIndex={0}
      aria-posinset={position}
      aria-setsize={-1}
      aria-labelledby={`title-${id}`}
      aria-describedby={`facts-${id}`}
    >
      <h2 id={`title-${id}`} {...textAttributes(title)}>
        {/* The article itself takes the focus and opens on Enter, so that a card is one stop of the Tab key, not two. */}
        <ArticleLink id={id} preview={{ trace: trace.click, title, aut_name, pubdate }} tabIndex={-1}>
          <Headline text={title} />
        </ArticleLink>
      </h2>
      {card.dek && (
        <p className="dek" {...textAttributes(card.dek)}>
          {card.dek}
        </p>
      )}
      {cover.type > 0 && <Cover images={cover.images} eager={position <= EAGER_MAX} />}
      <div className="facts">
        <p id={`facts-${id}`}>
          {card.is_top === 1 && <span className="pinned">{words.pinned}</span>}
          {channel && reason && <span className="reason">{reason}</span>}
          {channel && (
            <Link className="channel" href={`/c/${card.ch_id}`} {...textAttributes(channel)}>
              {channel}
            </Link>
          )}
          <AuthorLink id={aut_id} name={aut_name} />
          <time dateTime={pubdate} title={formatTime(pubdate)}>
            {formatAge(pubdate)}
          </time>
          {card.comm_count > 0 && <CommentsLink id={id}>{words.comments(formatCount(card.comm_count))}</CommentsLink>}
          {card.like_count > 0 && <span>{words.likes(formatCount(card.like_count))}</span>}
        </p>
        <CardMenu card={card} page={page} channel={channel} />
      </div>
    </article>
  )
})

/** What a card says without being asked: it is here because of what the reader chose. */
function ownReason({ why }: Card): string | undefined {
  if (why?.sources.includes('following')) return words.followedAuthor
  if (why && (why.sources.includes('interests') || (why.factors.choice ?? 1) > 1)) return words.pickedChannel
}
