// An article as its author sent it, with what an editor needs to decide.

import { type ReactNode, useMemo } from 'react'
import { createHtmlCleaner } from '../../shared/clean-html.ts'
import { languageOf, textAttributes } from '../../shared/language.ts'
import type { ArticlePage } from '../api/types.ts'
import { Status } from '../parts/status.tsx'
import { When } from '../parts/when.tsx'
import { reviewWords as words } from './review-words.ts'

const clean = createHtmlCleaner()
const PUBLISHED = 2

export function ArticleView({ article, children }: { article: ArticlePage; children: ReactNode }) {
  const { article_id, title, name, channel_name, update_time, status, content, cover, reject_reason, decisions } = article
  const html = useMemo(() => ({ __html: clean(content) }), [content])
  return (
    <article className="article" aria-label={title}>
      {children}
      <h2 {...textAttributes(title)}>{title}</h2>
      <p className="about">
        <Status color="gray">{words.statuses[status] ?? status}</Status> <span {...textAttributes(name)}>{name}</span> · {channel_name} ·{' '}
        <When at={update_time} />
        {status === PUBLISHED && (
          <>
            {' · '}
            <a href={`/article/${article_id}`} target="_blank" rel="noreferrer">
              {words.openAsReader}
            </a>
          </>
        )}
      </p>
      {article.words.length > 0 && (
        <p className="found">
          {words.foundWords}{' '}
          {article.words.map(word => (
            <mark key={word}>{word}</mark>
          ))}
        </p>
      )}
      {reject_reason && <p>{words.lastReason(reject_reason)}</p>}
      {cover.images.length > 0 && (
        <div className="covers">
          {cover.images.map((url, i) => (
            <img key={url} src={url} alt={`${words.cover} ${i + 1}`} loading="lazy" />
          ))}
        </div>
      )}
      <div
        className="text"
        lang={languageOf(content)}
        dir="auto"
        // biome-ignore lint: it has just been sanitised
        dangerouslySetInnerHTML={html}
      />
      {decisions.length > 0 && (
        <section>
          <h3>{words.history}</h3>
          <ul className="history">
            {decisions.map(({ at, reviewer, action, reason }) => (
              <li key={`${at} ${action}`}>
                <When at={at} isExact /> {reviewer}: {words.done[action] ?? action}
                {reason && ` (${reason})`}
              </li>
            ))}
          </ul>
        </section>
      )}
    </article>
  )
}
