// What stands in the corner of every screen: search, theme, inbox and account.

import type { ReactNode } from 'react'
import { IconButton } from '../shared/icon-button.tsx'
import { Icon } from '../shared/icons.tsx'
import { Link } from '../shared/router.tsx'
import { toggleTheme, useTheme } from '../shared/theme.ts'
import { AccountMenu } from './account/account-menu.tsx'
import { InboxLink } from './inbox/inbox-link.tsx'
import { words } from './words.ts'

/** `children` take the place of the theme's button. */
export function CornerButtons({ children }: { children?: ReactNode }) {
  const theme = useTheme()
  const label = theme === 'dark' ? words.switchToLight : words.switchToDark
  return (
    <div className="corner-buttons">
      <Link className="round" href="/search" aria-label={words.search} title={words.search}>
        <Icon name="search" />
      </Link>
      {children ?? <IconButton icon={theme === 'dark' ? 'sun' : 'moon'} label={label} onClick={toggleTheme} />}
      <InboxLink />
      <AccountMenu />
    </div>
  )
}
