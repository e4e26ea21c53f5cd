// What stands in the corner of every screen: search, theme, inbox and account.

import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Icon } from '../shared/icons.tsx'
import { toggleTheme, useTheme } from '../shared/theme.ts'
import { AccountMenu } from './account/account-menu.tsx'
import { InboxLink } from './inbox/inbox-link.tsx'
import { words } from './words.ts'

/** `children` come before the others. */
export function CornerButtons({ children }: { children?: ReactNode }) {
  const theme = useTheme()
  const label = theme === 'dark' ? words.switchToLight : words.switchToDark
  return (
    <div className="corner-buttons">
      {children}
      <Link className="round" href="/search" aria-label={words.search} title={words.search}>
        <Icon name="search" />
      </Link>
      <button type="button" className="round" onClick={toggleTheme} aria-label={label} title={label}>
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <InboxLink />
      <AccountMenu />
    </div>
  )
}
