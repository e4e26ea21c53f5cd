import type { AnchorHTMLAttributes, MouseEvent } from 'react'
import { addressOf, type Entry, go, type Route } from '../shared/router.tsx'

interface Props extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: Route
  from?: Entry['from']
  replace?: boolean
}

/** A real link, for new tabs and for reading aloud; a plain click stays in the app. */
export function Link({ to, from, replace, onClick, ...rest }: Props) {
  const click = (event: MouseEvent<HTMLAnchorElement>) => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    go(to, { from, replace })
  }
  return <a href={addressOf(to)} onClick={click} {...rest} />
}
