// Theme and account: the two buttons every screen has in its corner.

import { Icon } from '../shared/icons.tsx'
import { toggleTheme, useTheme } from '../shared/theme.ts'
import { AccountMenu } from './account/account-menu.tsx'
import { words } from './words.ts'

export function Tools() {
  const theme = useTheme()
  const label = theme === 'dark' ? words.light : words.dark
  return (
    <div className="tools">
      <button type="button" className="round" onClick={toggleTheme} aria-label={label} title={label}>
        <Icon name={theme === 'dark' ? 'sun' : 'moon'} />
      </button>
      <AccountMenu />
    </div>
  )
}
