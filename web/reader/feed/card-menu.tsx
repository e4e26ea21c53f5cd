// The "⋯" of a card: save it for later, why it is here, and what to do if it should not be.

import { useQueryClient } from '@tanstack/react-query'
import { Suspense, useState } from 'react'
import { currentViewer } from '../../shared/api/session.ts'
import { lazySheet } from '../../shared/lazy-part.tsx'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import { isMarked } from '../api/marks.ts'
import type { Card, Page } from '../api/types.ts'
import { report } from '../report/reported.ts'
import { words } from '../words.ts'
import { toggleCollected } from './quick-reactions.ts'
import { blockAuthor, muteAuthor, muteChannel, notInterested } from './turn-off.ts'

const WhySheet = lazySheet(() => import('./why-sheet.tsx'), 'WhySheet')

interface Props {
  card: Card
  page: Page
  /** The name of its channel, where the feed has several. */
  channel: string | undefined
}

export function CardMenu({ card, page, channel }: Props) {
  const { art_id: id, aut_id, aut_name, ch_id, title, why } = card
  const client = useQueryClient()
  const [asksWhy, setAsksWhy] = useState(false)
  const anchor = () => document.querySelector<HTMLElement>(`.feed [data-anchor="${id}"]`)

  const less: MenuItem = { label: words.notInterested, icon: 'hide', run: () => focusNext(id, () => void notInterested(id)) }
  const lessOfAuthor: MenuItem = {
    label: words.muteAuthor(aut_name),
    hint: words.muteHint,
    icon: 'mute',
    run: () => focusNext(id, () => void muteAuthor(aut_id, aut_name)),
  }
  const lessOfChannel = (name: string): MenuItem => ({
    label: words.muteChannel(name),
    icon: 'mute',
    run: () => focusNext(id, () => void muteChannel(String(ch_id), name)),
  })
  const isOwn = aut_id === currentViewer()
  const items = (): MenuItem[] => {
    const isSaved = isMarked(client, 'collected', id)
    const ofAuthor: MenuItem[] = [
      lessOfAuthor,
      {
        label: words.blockAuthor(aut_name),
        hint: words.blockHint,
        icon: 'block',
        run: () => focusNext(id, () => blockAuthor(aut_id, aut_name)),
      },
      { label: words.report, icon: 'flag', run: () => report({ article: id }) },
    ]
    return [
      { label: isSaved ? words.uncollect : words.collect, icon: 'star', isFilled: isSaved, run: () => toggleCollected(client, id) },
      ...(why ? [{ label: words.why, icon: 'why' as const, run: () => setAsksWhy(true) }] : []),
      less,
      ...(isOwn ? [] : ofAuthor),
    ]
  }
  return (
    <>
      <Menu icon="more" label={`${words.moreActions} ${title}`} size={18} className="card-menu" items={items} />
      <Suspense>
        {asksWhy && why && (
          <WhySheet
            card={card}
            why={why}
            page={page}
            less={[less, ...(isOwn ? [] : [lessOfAuthor]), ...(channel ? [lessOfChannel(channel)] : [])]}
            beside={anchor()}
            onClose={() => setAsksWhy(false)}
          />
        )}
      </Suspense>
    </>
  )
}

/** The card goes, and the focus with it: a reader with a keyboard goes on from the next one. */
function focusNext(id: string, hideCard: () => void): void {
  const cards = [...document.querySelectorAll<HTMLElement>('.feed article')]
  const at = cards.findIndex(card => card.dataset.anchor === id)
  hideCard()
  requestAnimationFrame(() => {
    const next = cards[at]?.isConnected ? undefined : cards.slice(at + 1).find(card => card.isConnected)
    next?.focus({ preventScroll: true })
  })
}
