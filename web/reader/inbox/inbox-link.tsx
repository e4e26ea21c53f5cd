// The bell in the corner, with the number of unread notices and messages.

import { useQuery } from '@tanstack/react-query'
import { useViewer } from '../../shared/api/session.ts'
import { Icon } from '../../shared/icons.tsx'
import { Link } from '../../shared/router.tsx'
import { formatCount } from '../../shared/time.ts'
import { words } from '../words.ts'
import { unreadMessagesQuery, unreadQuery } from './inbox-queries.ts'

export function InboxLink() {
  const viewer = useViewer()
  const { data: notices = 0 } = useQuery(unreadQuery(viewer))
  const { data: messages = 0 } = useQuery(unreadMessagesQuery(viewer))
  const unread = notices + messages
  if (viewer === 'device') return null
  const label = unread > 0 ? words.unread(formatCount(unread)) : words.inbox
  return (
    <Link className="round inbox-link" href="/inbox" aria-label={label} title={label}>
      <Icon name="bell" />
      {unread > 0 && <span className="badge">{formatCount(unread)}</span>}
    </Link>
  )
}
