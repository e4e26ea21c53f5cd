// The keys of a WAI-ARIA feed: Page Down and Page Up go from article to article, Ctrl+End and Ctrl+Home leave the feed, Enter
// opens the focused article.

import type { KeyboardEvent } from 'react'

export function handleFeedKeys(event: KeyboardEvent<HTMLElement>): void {
  const feed = event.currentTarget
  const target = event.target as HTMLElement
  const article = target.closest<HTMLElement>('article')
  const moveFocus = (element: Element | null | undefined) => {
    event.preventDefault()
    if (!(element instanceof HTMLElement)) return
    element.focus({ preventScroll: true })
    element.scrollIntoView({ block: 'start', behavior: 'instant' })
  }
  if (event.key === 'PageDown') moveFocus(article?.nextElementSibling ?? feed.nextElementSibling)
  else if (event.key === 'PageUp') moveFocus(article?.previousElementSibling)
  else if (event.key === 'End' && event.ctrlKey) moveFocus(feed.nextElementSibling)
  else if (event.key === 'Home' && event.ctrlKey) moveFocus(document.querySelector('.channels [aria-current]'))
  else if (event.key === 'Enter' && target === article) article.querySelector<HTMLElement>('h2 a')?.click()
}
