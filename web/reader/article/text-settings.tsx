// The size of an article's text, kept in this browser.

import { useLayoutEffect, useState } from 'react'
import type { MenuItem } from '../../shared/menu.tsx'
import { permanentStorage } from '../../shared/storage.ts'
import { DisplayMenu } from '../display-menu.tsx'
import { articleWords as words } from './article-words.ts'

const SCALES = { small: 0.9, normal: 1, large: 1.15, largest: 1.35 }
type Size = keyof typeof SCALES

const storedSize = (): Size => {
  const stored = permanentStorage.get<Size>('text-size')
  return stored && stored in SCALES ? stored : 'normal'
}

export function TextSettings() {
  const [size, setSize] = useState(storedSize)
  useLayoutEffect(() => document.documentElement.style.setProperty('--text-scale', String(SCALES[size])), [size])
  const choose = (next: Size) => {
    permanentStorage.set('text-size', next)
    setSize(next)
  }
  const choices = (): MenuItem[] =>
    (Object.keys(SCALES) as Size[]).map(each => ({
      group: words.textSize,
      label: words.textSizes[each],
      isChosen: each === size,
      run: () => choose(each),
    }))
  return <DisplayMenu choices={choices} />
}
