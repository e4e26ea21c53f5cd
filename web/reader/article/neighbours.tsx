// The articles before and after this one in the feed it was opened from: by a link, a key, or a swipe.

import { type InfiniteData, useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef } from 'react'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { useShortcuts } from '../../shared/shortcuts.ts'
import type { Card, Page } from '../api/types.ts'
import { ArticleLink } from '../article-link.tsx'
import { listPages } from '../feed/groups.ts'
import { isHidden } from '../feed/hidden.ts'

import { articleWords as words } from './article-words.ts'
import { onSideSwipe } from './swipe.ts'

interface Neighbours {
  previous?: Card
  next?: Card
}

function useNeighbours(viewer: string, id: string): Neighbours {
  const client = useQueryClient()
  return useMemo(() => {
    for (const [[, , channel], data] of client.getQueriesData<InfiniteData<Page>>({ queryKey: ['feed', viewer] })) {
      const listed = listPages(data?.pages ?? []).flatMap(cards => cards.map(({ card }) => card))
      const cards = listed.filter(card => card.art_id === id || !isHidden(card, channel as number))
      const at = cards.findIndex(card => card.art_id === id)
      if (at >= 0) return { previous: cards[at - 1], next: cards[at + 1] }
    }
    return {}
  }, [client, viewer, id])
}

/** Keys and swipes work while it is hidden too, so that none is lost while the text is loaded. */
export function NeighbourLinks({ viewer, id, hidden }: { viewer: string; id: string; hidden: boolean }) {
  const { previous, next } = useNeighbours(viewer, id)
  const links = useRef<HTMLElement>(null)

  const open = (side: 'previous' | 'next') => links.current?.querySelector<HTMLElement>(`[data-side=${side}]`)?.click()
  const [back, on] = [() => open('previous'), () => open('next')]
  useShortcuts({ ArrowLeft: back, k: back, ArrowRight: on, j: on })
  // biome-ignore lint: `open` reads the links when it is called
  useEffect(() => onSideSwipe(direction => open(direction === 'left' ? 'next' : 'previous')), [])

  if (!previous && !next) return null
  return (
    <nav ref={links} className="neighbours" hidden={hidden} aria-label={words.neighbours}>
      {previous && <NeighbourLink card={previous} side="previous" />}
      {next && <NeighbourLink card={next} side="next" />}
    </nav>
  )
}

/** Replaces the entry of the browser's history, so that "back" leads to the feed. */
function NeighbourLink({ card, side }: { card: Card; side: 'previous' | 'next' }) {
  const { art_id: id, title, aut_name, pubdate, trace } = card
  return (
    <ArticleLink id={id} preview={{ trace: trace.click, title, aut_name, pubdate }} replace data-side={side}>
      <Icon name={side === 'next' ? 'next' : 'back'} />
      <span>
        <small>{side === 'next' ? words.nextArticle : words.previousArticle}</small>
        <span {...textAttributes(title)}>{title}</span>
      </span>
    </ArticleLink>
  )
}
