// A button that opens a menu beside it (WAI-ARIA menu button): arrow keys, Home and End move in it, Escape and Tab leave it.

import { type KeyboardEvent, useLayoutEffect, useRef, useState } from 'react'
import { IconButton } from './icon-button.tsx'
import { Icon, type IconName } from './icons.tsx'
import { hideOnClickBeside } from './popover.ts'

export interface MenuItem {
  label: string
  /** A second, smaller line: what it does, where the label alone does not say how it differs from its neighbour. */
  hint?: string
  icon?: IconName
  /** Whether the icon is filled: what it stands for is done. */
  isFilled?: boolean
  /** The heading above it and its neighbours of the same group, which stand side by side. */
  group?: string
  /** The language of the label, where it is another one. */
  lang?: string
  /** Of one choice among several: whether it is the current one. */
  isChosen?: boolean
  run: () => void
}

interface Props {
  icon: IconName
  label: string
  size?: number
  className?: string
  /** Called when the menu opens, so that a list does not make the items of each of its rows. */
  items: () => MenuItem[]
}

export function Menu({ icon, label, size, className, items }: Props) {
  const [open, setOpen] = useState(false)
  const button = useRef<HTMLButtonElement>(null)
  return (
    <>
      <IconButton
        ref={button}
        icon={icon}
        label={label}
        size={size}
        className={className}
        aria-haspopup="menu"
        aria-expanded={open}
        onClick={() => setOpen(true)}
      />
      {open && <MenuPanel label={label} items={items()} button={button.current} onClose={() => setOpen(false)} />}
    </>
  )
}

interface PanelProps {
  label: string
  items: MenuItem[]
  button: HTMLElement | null
  onClose: () => void
}

function MenuPanel({ label, items, button, onClose }: PanelProps) {
  const panel = useRef<HTMLDivElement>(null)

  // A popover: the browser closes it on Escape, and gives the focus back to the button.
  useLayoutEffect(() => {
    const element = panel.current
    if (!element || !button) return
    element.showPopover()
    placeBeside(element, button.getBoundingClientRect())
    itemsOf(element)[0]?.focus({ preventScroll: true })
  }, [button])

  // A choice shows its effect beside the menu, which stays for another one.
  const run = (item: MenuItem) => {
    if (item.isChosen === undefined) panel.current?.hidePopover()
    item.run()
  }
  const renderItem = (item: MenuItem) => (
    <button
      key={item.label}
      type="button"
      role={item.isChosen === undefined ? 'menuitem' : 'menuitemradio'}
      aria-checked={item.isChosen}
      tabIndex={-1}
      lang={item.lang}
      data-filled={item.isFilled || undefined}
      onClick={() => run(item)}
    >
      {item.icon && <Icon name={item.icon} size={18} />}
      {item.hint ? (
        <span>
          {item.label}
          <small>{item.hint}</small>
        </span>
      ) : (
        item.label
      )}
    </button>
  )
  const groups = [...new Set(items.map(item => item.group))]
  return (
    <div
      ref={panel}
      className="menu"
      popover="auto"
      role="menu"
      aria-label={label}
      onKeyDown={moveFocus}
      onClick={hideOnClickBeside}
      onToggle={event => event.newState === 'closed' && onClose()}
    >
      {groups.map(group => {
        const rendered = items.filter(item => item.group === group).map(renderItem)
        if (group === undefined) return rendered
        return (
          // biome-ignore lint: a group of a menu, which no element stands for
          <div key={group} role="group" aria-label={group}>
            <p aria-hidden="true">{group}</p>
            {rendered}
          </div>
        )
      })}
    </div>
  )
}

const itemsOf = (menu: HTMLElement) => [...menu.querySelectorAll<HTMLButtonElement>('button')]

function moveFocus(event: KeyboardEvent<HTMLElement>): void {
  const items = itemsOf(event.currentTarget)
  const at = items.indexOf(document.activeElement as HTMLButtonElement)
  const targets: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    ArrowRight: (at + 1) % items.length,
    ArrowLeft: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  }
  const target = targets[event.key]
  if (target !== undefined) {
    event.preventDefault()
    items[target]?.focus()
  }
  if (event.key === 'Tab') event.currentTarget.hidePopover()
  event.stopPropagation() // the keys of the list around it stay out of this
}

const GAP_PX = 4

/** Below the button if there is room, otherwise above it; always within the screen. */
function placeBeside(panel: HTMLElement, { top, bottom, right }: DOMRect): void {
  const { offsetWidth: width, offsetHeight: height } = panel
  const goesBelow = bottom + GAP_PX + height < innerHeight || top < height + GAP_PX
  panel.style.left = `${Math.max(GAP_PX, Math.min(right, document.documentElement.clientWidth - GAP_PX) - width) + scrollX}px`
  panel.style.top = `${(goesBelow ? bottom + GAP_PX : top - GAP_PX - height) + scrollY}px`
}
