// The keys of a WAI-ARIA feed.

import type { KeyboardEvent } from 'react'

export function walk(event: KeyboardEvent<HTMLElement>): void {
  const feed = event.currentTarget
  const target = event.target as HTMLElement
  const article = target.closest<HTMLElement>('article')
  const to = (element: Element | null | undefined) => {
    event.preventDefault()
    if (!(element instanceof HTMLElement)) return
    element.focus({ preventScroll: true })
    element.scrollIntoView({ block: 'start', behavior: 'instant' })
  }
  if (event.key === 'PageDown') to(article?.nextElementSibling ?? feed.nextElementSibling)
  else if (event.key === 'PageUp') to(article?.previousElementSibling)
  else if (event.key === 'End' && event.ctrlKey) to(feed.nextElementSibling)
  else if (event.key === 'Home' && event.ctrlKey) to(document.querySelector('.channels [aria-current]'))
  else if (event.key === 'Enter' && target === article) article.querySelector<HTMLElement>('h2 a')?.click()
}
