// The size of articles' text, kept in this browser.

import { useLayoutEffect, useState } from 'react'
import { Menu } from '../../shared/menu.tsx'
import { permanentStorage } from '../../shared/storage.ts'
import { words } from '../words.ts'

const SCALES = { small: 0.9, normal: 1, large: 1.15, largest: 1.35 }
type Size = keyof typeof SCALES

const storedSize = (): Size => {
  const stored = permanentStorage.get<Size>('text-size')
  return stored && stored in SCALES ? stored : 'normal'
}

export function TextSize() {
  const [size, setSize] = useState(storedSize)
  useLayoutEffect(() => document.documentElement.style.setProperty('--text-scale', String(SCALES[size])), [size])
  const choose = (next: Size) => {
    permanentStorage.set('text-size', next)
    setSize(next)
  }
  const items = () =>
    (Object.keys(SCALES) as Size[]).map(each => ({ label: words.textSizes[each], isChosen: each === size, run: () => choose(each) }))
  return <Menu icon="text" label={words.textSize} items={items} />
}
