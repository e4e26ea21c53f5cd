import { useWho } from '../shared/api/session.ts'
import { Failure } from '../shared/failure.tsx'
import { Notice } from '../shared/notice.tsx'
import { OfflineNotice } from '../shared/offline-notice.tsx'
import { useLocation } from '../shared/router.tsx'
import { SignIn } from './account/sign-in.tsx'
import { ArticleScreen } from './article/article-screen.tsx'
import { Link } from './article-link.tsx'
import { FeedScreen } from './feed/feed-screen.tsx'
import { words } from './words.ts'

export function App() {
  const { route, entry } = useLocation()
  const who = useWho()
  return (
    <>
      <OfflineNotice />
      {route.name === 'feed' && <FeedScreen key={who} who={who} channel={route.channel} />}
      {route.name === 'article' && <ArticleScreen key={entry.key} who={who} id={route.id} entry={entry} />}
      {route.name === 'unknown' && (
        <main>
          <Failure title={words.noPage}>
            <Link className="button" to={{ name: 'feed', channel: 0 }} replace>
              {words.home}
            </Link>
          </Failure>
        </main>
      )}
      <SignIn />
      <Notice />
    </>
  )
}
