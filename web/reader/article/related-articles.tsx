import { Headline } from '../../shared/headline.tsx'
import { languageOf } from '../../shared/time.ts'
import type { Article } from '../api/types.ts'
import { Link } from '../article-link.tsx'
import { words } from '../words.ts'

/** What to read next. */
export function Recomments({ list }: { list: Article['recomments'] }) {
  if (list.length === 0) return null
  return (
    <nav className="recomments" aria-labelledby="recomments">
      <h2 id="recomments">{words.more}</h2>
      <ul>
        {list.map(({ art_id: id, title }) => (
          <li key={id} lang={languageOf(title)}>
            <Link to={{ name: 'article', id }} from={{ title }}>
              <Headline text={title} />
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
