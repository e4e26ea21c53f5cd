import { useQuery } from '@tanstack/react-query'
import { cardsQuery } from '../api/queries.ts'
import type { Article } from '../api/types.ts'
import { ListCard } from '../cards/list-card.tsx'
import { articleWords as words } from './article-words.ts'

export function RelatedArticles({ viewer, articles }: { viewer: string; articles: Article['recomments'] }) {
  const { data: cards = [] } = useQuery(
    cardsQuery(
      viewer,
      articles.map(article => article.art_id),
    ),
  )
  if (cards.length === 0) return null
  return (
    <section className="related" aria-labelledby="related">
      <h2 id="related">{words.readOn}</h2>
      {cards.map(card => (
        <ListCard key={card.art_id} card={card} />
      ))}
    </section>
  )
}
