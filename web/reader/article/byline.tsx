import { textAttributes } from '../../shared/language.ts'
import { formatCount, formatTime } from '../../shared/time.ts'
import type { Article } from '../api/types.ts'
import type { ArticlePreview } from '../article-link.tsx'
import { AuthorLink } from '../author/author-link.tsx'
import { FollowButton } from '../author/follow-button.tsx'
import { words } from '../words.ts'

/** Who wrote it and when. Without the article, what the list knew. */
export function Byline({ article, preview }: { article: Article | undefined; preview: ArticlePreview | undefined }) {
  const name = article?.aut_name ?? preview?.aut_name ?? ''
  const pubdate = article?.pubdate ?? preview?.pubdate
  return (
    <div className="byline">
      {article ? <img src={article.aut_photo} alt="" width="40" height="40" /> : <span className="photo" />}
      <div>
        {article ? (
          <AuthorLink id={article.aut_id} name={name} />
        ) : (
          <span className="author" {...textAttributes(name)}>
            {name}
          </span>
        )}
        <p className="facts">
          {pubdate && <time dateTime={pubdate}>{formatTime(pubdate)}</time>}
          {article && <span>{words.reads(formatCount(article.read_count))}</span>}
        </p>
      </div>
      {article && <FollowButton id={article.aut_id} name={name} isFollowed={article.is_followed} />}
    </div>
  )
}
