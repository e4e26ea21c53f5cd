// How articles look: the size of their text, kept in this browser, light or dark; and the language of the interface.

import { useLayoutEffect, useState } from 'react'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { permanentStorage } from '../../shared/storage.ts'
import { toggleTheme, useTheme } from '../../shared/theme.ts'
import { switchLanguageItem } from '../switch-language.ts'
import { articleWords as words } from './article-words.ts'

const SCALES = { small: 0.9, normal: 1, large: 1.15, largest: 1.35 }
type Size = keyof typeof SCALES

const storedSize = (): Size => {
  const stored = permanentStorage.get<Size>('text-size')
  return stored && stored in SCALES ? stored : 'normal'
}

export function TextSettings() {
  const theme = useTheme()
  const [size, setSize] = useState(storedSize)
  useLayoutEffect(() => document.documentElement.style.setProperty('--text-scale', String(SCALES[size])), [size])
  const choose = (next: Size) => {
    permanentStorage.set('text-size', next)
    setSize(next)
  }
  const items = (): MenuItem[] => [
    ...(Object.keys(SCALES) as Size[]).map(each => ({ label: words.textSizes[each], isChosen: each === size, run: () => choose(each) })),
    theme === 'dark'
      ? { label: words.switchToLight, icon: 'sun', run: toggleTheme }
      : { label: words.switchToDark, icon: 'moon', run: toggleTheme },
    switchLanguageItem,
  ]
  return <Menu icon="text" size={24} label={words.textSettings} items={items} />
}
