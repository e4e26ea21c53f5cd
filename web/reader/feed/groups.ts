// The cards of a feed as they are shown, in the groups in which they come near the screen and leave it.

import { LANGUAGE, languageOf } from '../../shared/language.ts'
import type { Card, Page } from '../api/types.ts'

export interface ListedCard {
  card: Card
  /** The page that it came with; it says how many candidates it was chosen from. */
  page: Page
}

export interface CardGroup {
  key: string
  /** In the feed, from 1. */
  firstPosition: number
  cards: ListedCard[]
}

/** A page after a refresh may be a single card: it shares a group with the page after it, so that the head of the feed is in one. */
const SIZE_MIN = 5

/** A group is a page or several, so that it stays the same when others come. */
export function groupCards(pages: Page[], isHidden: (card: Card) => boolean): CardGroup[] {
  const groups: CardGroup[] = []
  const listed = listPages(pages)
  let position = 1
  let waiting: ListedCard[] = []
  for (const [i, cards] of listed.entries()) {
    waiting.push(...cards)
    if (waiting.length < SIZE_MIN && i < listed.length - 1) continue
    const [first] = waiting
    const shown = waiting.filter(({ card }) => !isHidden(card))
    if (first && shown.length > 0) groups.push({ key: first.card.art_id, firstPosition: position, cards: shown })
    position += shown.length
    waiting = []
  }
  return groups
}

/** Each article once, also when pages overlap. Of pinned ones those in the language of the interface, if there are any. */
function listPages(pages: Page[]): ListedCard[][] {
  const isOwn = ({ title }: Card) => languageOf(title) === LANGUAGE
  const pinned = pages.flatMap(page => page.results.filter(card => card.is_top === 1))
  const listed = new Set(pinned.some(isOwn) ? pinned.filter(card => !isOwn(card)).map(card => card.art_id) : [])
  return pages.map(page =>
    page.results.flatMap(card => {
      if (listed.has(card.art_id)) return []
      listed.add(card.art_id)
      return [{ card, page }]
    }),
  )
}

/** Whether a group would be shown as before. */
export const isSameGroup = (a: CardGroup, b: CardGroup): boolean =>
  a.firstPosition === b.firstPosition && a.cards.length === b.cards.length && a.cards.every(({ card }, i) => card === b.cards[i]?.card)
