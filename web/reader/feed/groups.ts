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

/** Of the lead and the two beside it, which are in one grid: a page of fewer, after a refresh, shares a group with the page after it. */
const SIZE_MIN = 3
/** A page, as it usually is: few groups are followed, and few cards are near the screen. */
const SIZE_MAX = 12

/** A page makes groups of its own, so that they stay the same when other pages come. */
export function groupCards(pages: Page[], isHidden: (card: Card) => boolean): CardGroup[] {
  const groups: CardGroup[] = []
  const listed = listPages(pages)
  let position = 1
  let waiting: ListedCard[] = []
  const shownOf = (cards: ListedCard[]) => cards.filter(({ card }) => !isHidden(card))
  for (const [i, cards] of listed.entries()) {
    waiting.push(...cards)
    if (shownOf(waiting).length < SIZE_MIN && i < listed.length - 1) continue
    for (const part of splitEvenly(waiting)) {
      const shown = shownOf(part)
      const key = part[0]?.card.art_id
      if (key !== undefined && shown.length > 0) groups.push({ key, firstPosition: position, cards: shown })
      position += shown.length
    }
    waiting = []
  }
  return groups
}

function splitEvenly(cards: ListedCard[]): ListedCard[][] {
  const parts = Math.ceil(cards.length / SIZE_MAX)
  return Array.from({ length: parts }, (_, i) =>
    cards.slice(Math.round((i * cards.length) / parts), Math.round(((i + 1) * cards.length) / parts)),
  )
}

/** Each article once, also when pages overlap. Of pinned ones those in the language of the interface, if there are any. */
export function listPages(pages: Page[]): ListedCard[][] {
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
