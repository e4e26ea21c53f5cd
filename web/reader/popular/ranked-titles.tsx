// A popular list in a narrow column: rank and headline.

import { useQuery } from '@tanstack/react-query'
import { Headline } from '../../shared/headline.tsx'
import { textAttributes } from '../../shared/language.ts'
import { formatCount } from '../../shared/time.ts'
import { RECOMMENDED } from '../api/channel-names.ts'
import { ArticleLink, CommentsLink } from '../article-link.tsx'
import { isHidden, useHidden } from '../feed/hidden.ts'
import { words } from '../words.ts'
import { type PopularList, popularQuery } from './popular-queries.ts'

export function RankedTitles({ viewer, list, count }: { viewer: string; list: PopularList; count: number }) {
  const { data = [] } = useQuery(popularQuery(viewer, list))
  useHidden()
  const cards = data.filter(card => !isHidden(card, RECOMMENDED)).slice(0, count)
  if (cards.length === 0) return null
  return (
    <section aria-labelledby={`aside-${list}`}>
      <h2 id={`aside-${list}`}>{words[list]}</h2>
      <ol className="ranked">
        {cards.map(({ art_id: id, title, aut_name, pubdate, comm_count }) => (
          <li key={id}>
            <ArticleLink id={id} preview={{ title, aut_name, pubdate }}>
              <span {...textAttributes(title)}>
                <Headline text={title} />
              </span>
            </ArticleLink>
            {list === 'discussed' && comm_count > 0 && <CommentsLink id={id}>{words.comments(formatCount(comm_count))}</CommentsLink>}
          </li>
        ))}
      </ol>
    </section>
  )
}
