// The keys of a WAI-ARIA feed: Page Down and Page Up go from article to article, Ctrl+End and Ctrl+Home leave the feed, Enter
// opens the focused article. And keys of one letter, which work from anywhere on the page.

import { useQueryClient } from '@tanstack/react-query'
import type { KeyboardEvent } from 'react'
import { useShortcuts } from '../../shared/shortcuts.ts'
import { showGroup } from './near-screen.ts'
import { likeArticle, toggleCollected } from './quick-reactions.ts'

/** The article before or after this one, which may be in another group. */
function neighbourOf(article: Element | null | undefined, side: 'previous' | 'next'): Element | null | undefined {
  if (!article) return undefined
  const within = side === 'next' ? article.nextElementSibling : article.previousElementSibling
  if (within) return within
  const group = side === 'next' ? article.parentElement?.nextElementSibling : article.parentElement?.previousElementSibling
  if (!group) return undefined
  showGroup(group)
  return side === 'next' ? group.firstElementChild : group.lastElementChild
}

function moveFocus(element: Element | null | undefined): void {
  if (!(element instanceof HTMLElement)) return
  element.focus({ preventScroll: true })
  element.scrollIntoView({ block: 'start', behavior: 'instant' })
}

export const focusFirstArticle = () => moveFocus(document.querySelector('.feed article'))

const openArticle = (article: Element) => article.querySelector<HTMLElement>('h2 a')?.click()

export function handleFeedKeys(event: KeyboardEvent<HTMLElement>): void {
  const feed = event.currentTarget
  const target = event.target as HTMLElement
  const article = target.closest<HTMLElement>('article')
  const move = (element: Element | null | undefined) => {
    event.preventDefault()
    moveFocus(element)
  }
  if (event.key === 'PageDown') move(neighbourOf(article, 'next') ?? feed.nextElementSibling)
  else if (event.key === 'PageUp') move(neighbourOf(article, 'previous'))
  else if (event.key === 'End' && event.ctrlKey) move(feed.nextElementSibling)
  else if (event.key === 'Home' && event.ctrlKey) move(document.querySelector('.channels [aria-current]'))
  else if (event.key === 'Enter' && target === article) openArticle(article)
}

const focusedArticle = () => document.activeElement?.closest<HTMLElement>('.feed article')

/** The first article whose headline is not hidden above the screen or behind the strip of channels. */
function firstOnScreen(): HTMLElement | undefined {
  const top = document.querySelector('.channels')?.getBoundingClientRect().bottom ?? 0
  return [...document.querySelectorAll<HTMLElement>('.feed article')].find(
    article => (article.querySelector('h2')?.getBoundingClientRect().top ?? 0) >= top,
  )
}

export function useFeedShortcuts(): void {
  const client = useQueryClient()
  const withFocused = (act: (article: HTMLElement) => void) => () => {
    const article = focusedArticle()
    if (article) act(article)
  }
  useShortcuts({
    j: () => moveFocus(neighbourOf(focusedArticle(), 'next') ?? firstOnScreen()),
    k: () => moveFocus(neighbourOf(focusedArticle(), 'previous')),
    o: withFocused(openArticle),
    l: withFocused(({ dataset }) => likeArticle(client, dataset.anchor as string)),
    s: withFocused(({ dataset }) => toggleCollected(client, dataset.anchor as string)),
  })
}
