// What stands in the corner of every screen: search, display, inbox and account.

import type { ReactNode } from 'react'
import { Icon } from '../shared/icons.tsx'
import { Link } from '../shared/router.tsx'
import { AccountMenu } from './account/account-menu.tsx'
import { DisplayMenu } from './display-menu.tsx'
import { InboxLink } from './inbox/inbox-link.tsx'
import { words } from './words.ts'

/** `children`: a display menu with what can be chosen on this screen. */
export function CornerButtons({ children }: { children?: ReactNode }) {
  return (
    <div className="corner-buttons">
      <Link className="round" href="/search" aria-label={words.search} title={words.search}>
        <Icon name="search" />
      </Link>
      {children ?? <DisplayMenu />}
      <InboxLink />
      <AccountMenu />
    </div>
  )
}
