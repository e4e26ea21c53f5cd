import { ActionIcon } from '@mantine/core'
import { Icon } from '../icons.tsx'
import { toggleTheme, useTheme } from '../theme.ts'
import { sharedWords as words } from '../words.ts'

export function ThemeButton() {
  const isDark = useTheme() === 'dark'
  const name = isDark ? words.switchToLight : words.switchToDark
  return (
    <ActionIcon variant="subtle" color="gray" onClick={toggleTheme} aria-label={name} title={name}>
      <Icon name={isDark ? 'sun' : 'moon'} />
    </ActionIcon>
  )
}
