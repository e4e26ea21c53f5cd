import { Headline } from '../../shared/headline.tsx'
import { languageOf } from '../../shared/language.ts'
import type { Article } from '../api/types.ts'
import { ArticleLink } from '../article-link.tsx'
import { words } from '../words.ts'

export function RelatedArticles({ articles }: { articles: Article['recomments'] }) {
  if (articles.length === 0) return null
  return (
    <nav className="related" aria-labelledby="related">
      <h2 id="related">{words.readOn}</h2>
      <ul>
        {articles.map(({ art_id: id, title }) => (
          <li key={id} lang={languageOf(title)}>
            <ArticleLink id={id} preview={{ title }}>
              <Headline text={title} />
            </ArticleLink>
          </li>
        ))}
      </ul>
    </nav>
  )
}
