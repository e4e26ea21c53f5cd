// What is kept in this browser to be read without a network.

import { useQuery } from '@tanstack/react-query'
import { Failure } from '../../shared/failure.tsx'
import { IconButton } from '../../shared/icon-button.tsx'
import { textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { formatTime } from '../../shared/time.ts'
import { ArticleLink } from '../article-link.tsx'
import { OwnScreen } from '../mine/own-screen.tsx'
import { canKeep, forgetAllArticles, forgetArticle, listKeptArticles } from './kept-articles.ts'
import { offlineWords as words } from './offline-words.ts'

export function OfflineScreen({ viewer }: { viewer: string }) {
  const { data: articles, refetch } = useQuery({
    queryKey: ['kept', viewer],
    queryFn: () => listKeptArticles(viewer),
    enabled: canKeep(),
    networkMode: 'always',
    gcTime: 0,
  })
  const forget = async (deletion: Promise<unknown>) => {
    await deletion
    await refetch()
    showNotice(words.forgotten)
  }
  return (
    <OwnScreen viewer={viewer} title={words.kept} isForDevices>
      <p className="none">{canKeep() ? words.keptHint : words.cannotKeep}</p>
      {articles?.length === 0 && <Failure title={words.noKept} />}
      <ul className="kept" aria-label={words.kept}>
        {articles?.map(({ art_id: id, title, aut_name, pubdate }) => (
          <li key={id}>
            <ArticleLink id={id} preview={{ title, aut_name, pubdate }}>
              <span {...textAttributes(title)}>{title}</span>
              <small>
                <span {...textAttributes(aut_name)}>{aut_name}</span> <time dateTime={pubdate}>{formatTime(pubdate)}</time>
              </small>
            </ArticleLink>
            <IconButton icon="trash" size={18} label={`${words.forget}: ${title}`} onClick={() => void forget(forgetArticle(id))} />
          </li>
        ))}
      </ul>
      {articles && articles.length > 0 && (
        <button type="button" className="button" onClick={() => void forget(forgetAllArticles())}>
          {words.forgetAll}
        </button>
      )}
    </OwnScreen>
  )
}
