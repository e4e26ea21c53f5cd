import { useViewer } from '../../shared/api/session.ts'
import { words } from '../words.ts'
import { useFollow } from './follow.ts'

/** Nothing for a reader’s own texts: no reader can follow themselves. */
export function FollowButton({ id, name, isFollowed }: { id: string; name: string; isFollowed: boolean }) {
  const viewer = useViewer()
  const follow = useFollow()
  if (viewer === id) return null
  return (
    <button
      type="button"
      className={isFollowed ? 'button small' : 'button small primary'}
      aria-label={`${isFollowed ? words.following : words.follow} ${name}`}
      onClick={() => follow(id, !isFollowed)}
    >
      {isFollowed ? words.following : words.follow}
    </button>
  )
}
