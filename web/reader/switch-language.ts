import { OTHER_LANGUAGE } from '../shared/language.ts'
import type { MenuItem } from '../shared/menu.tsx'
import { switchLanguage } from './interests/prepare-viewer.ts'

/** In the language that it leads to, for those who cannot read this one. */
export const LANGUAGE_NAME = OTHER_LANGUAGE === 'en' ? 'English' : '中文'

export const switchLanguageItem: MenuItem = { label: LANGUAGE_NAME, icon: 'globe', run: () => void switchLanguage() }
