// How the feed looks: its density, light or dark, and the language.

import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { toggleTheme, useTheme } from '../../shared/theme.ts'
import { switchLanguageItem } from '../switch-language.ts'
import { words } from '../words.ts'
import { chooseDensity, type Density, useDensity } from './density.ts'

const DENSITIES: Density[] = ['comfortable', 'compact']

/** For phones: a larger screen has room for both. */
export function ViewMenu() {
  const theme = useTheme()
  const density = useDensity()
  const items = (): MenuItem[] => [
    ...DENSITIES.map(each => ({ label: words[each], isChosen: each === density, run: () => chooseDensity(each) })),
    theme === 'dark'
      ? { label: words.switchToLight, icon: 'sun', run: toggleTheme }
      : { label: words.switchToDark, icon: 'moon', run: toggleTheme },
    switchLanguageItem,
  ]
  return <Menu icon="text" size={24} label={words.view} items={items} />
}
