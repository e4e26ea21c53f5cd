// A list in which one item is the current one. j and k move; the focus moves with it.

import { type ReactNode, useEffect, useRef, useState } from 'react'
import { words } from '../words.ts'
import { useQueueShortcuts } from './shortcuts.tsx'

interface Props<Item> {
  label: string
  items: Item[]
  keyOf: (item: Item) => string
  current: Item | undefined
  onChange: (item: Item) => void
  children: (item: Item, isCurrent: boolean) => ReactNode
}

export function Queue<Item>({ label, items, keyOf, current, onChange, children }: Props<Item>) {
  const list = useRef<HTMLUListElement>(null)
  const currentKey = current && keyOf(current)
  const move = (by: number) => {
    const at = items.findIndex(item => keyOf(item) === currentKey)
    const next = items[Math.min(Math.max(at + by, 0), items.length - 1)]
    if (!next) return
    onChange(next)
    focusItem(list.current, keyOf(next))
  }
  useQueueShortcuts({ j: () => move(1), k: () => move(-1) })

  // The item that had the focus may be gone: it was decided.
  const previousKey = useRef(currentKey)
  useEffect(() => {
    const wasDecided = previousKey.current !== undefined && previousKey.current !== currentKey
    if (wasDecided && currentKey !== undefined && document.activeElement === document.body) focusItem(list.current, currentKey)
    previousKey.current = currentKey
  }, [currentKey])

  if (items.length === 0) return <p className="empty">{words.nothing}</p>
  return (
    <ul ref={list} className="queue" aria-label={label}>
      {items.map(item => {
        const isCurrent = keyOf(item) === currentKey
        return (
          <li
            key={keyOf(item)}
            data-key={keyOf(item)}
            tabIndex={isCurrent ? 0 : -1}
            aria-current={isCurrent}
            onFocus={() => !isCurrent && onChange(item)}
          >
            {children(item, isCurrent)}
          </li>
        )
      })}
    </ul>
  )
}

function focusItem(list: HTMLUListElement | null, key: string): void {
  const item = list?.querySelector<HTMLElement>(`:scope > [data-key="${CSS.escape(key)}"]`)
  item?.focus()
  item?.scrollIntoView({ block: 'nearest' })
}

/** The current item of a list that changes: if it is gone, the one that took its place. */
export function useCurrent<Item>(items: Item[], keyOf: (item: Item) => string): [Item | undefined, (item: Item) => void] {
  const [chosen, setChosen] = useState<{ key: string; at: number }>()
  const found = items.find(item => keyOf(item) === chosen?.key)
  const current = found ?? items[Math.min(chosen?.at ?? 0, items.length - 1)]
  return [current, item => setChosen({ key: keyOf(item), at: items.indexOf(item) })]
}
