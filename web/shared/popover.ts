import type { MouseEvent } from 'react'

/**
 * Of a popover, whose style covers all that is beside it (styles/sheet.css): a click there closes it. The browser would also give the
 * click to what lies below.
 */
export function hideOnClickBeside({ target, currentTarget: popover, clientX: x, clientY: y }: MouseEvent<HTMLElement>): void {
  const { left, right, top, bottom } = popover.getBoundingClientRect()
  if (target === popover && (x < left || x > right || y < top || y > bottom)) popover.hidePopover()
}
