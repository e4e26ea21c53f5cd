// How the app looks, in the same place on every screen: what is particular to the screen, the size of text,
// the colours, and the language.

import { LANGUAGE } from '../shared/language.ts'
import { Menu, type MenuItem } from '../shared/menu.tsx'
import { chooseTheme, useThemeChoice } from '../shared/theme.ts'
import { switchLanguage } from './interests/prepare-viewer.ts'
import { chooseTextSize, TEXT_SIZES, useTextSize } from './text-size.ts'
import { words } from './words.ts'

const THEMES = ['light', 'dark', undefined] as const
/** Each in itself, for those who cannot read the other one. */
const LANGUAGES = [
  ['zh-CN', '中文'],
  ['en', 'English'],
] as const

/** `choices`: of the screen. They come first. */
export function DisplayMenu({ choices }: { choices?: () => MenuItem[] }) {
  const theme = useThemeChoice()
  const size = useTextSize()
  const items = (): MenuItem[] => [
    ...(choices?.() ?? []),
    ...TEXT_SIZES.map(each => ({
      group: words.textSize,
      label: words.textSizes[each],
      isChosen: each === size,
      run: () => chooseTextSize(each),
    })),
    ...THEMES.map(each => ({
      group: words.colours,
      label: words.themes[each ?? 'system'],
      isChosen: each === theme,
      run: () => chooseTheme(each),
    })),
    ...LANGUAGES.map(([lang, label]) => ({
      group: words.language,
      label,
      lang,
      isChosen: lang === LANGUAGE,
      run: () => void (lang !== LANGUAGE && switchLanguage()),
    })),
  ]
  return <Menu icon="text" size={24} label={words.display} items={items} />
}
