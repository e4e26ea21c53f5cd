// The "⋯" of a card: why it is here, and what to do if it should not be.

import { lazy, Suspense, useState } from 'react'
import { asReader, currentViewer } from '../../shared/api/session.ts'
import { Menu, type MenuItem } from '../../shared/menu.tsx'
import type { Card, Page } from '../api/types.ts'
import { words } from '../words.ts'
import { blockAuthor, muteAuthor, notInterested } from './turn-off.ts'

const WhySheet = lazy(() => import('./why-sheet.tsx').then(({ WhySheet }) => ({ default: WhySheet })))
const ReportSheet = lazy(() => import('../report/report-sheet.tsx').then(({ ReportSheet }) => ({ default: ReportSheet })))

export function CardMenu({ card, funnel }: { card: Card; funnel: Page['funnel'] }) {
  const { art_id: id, aut_id, aut_name, title, why } = card
  const [sheet, setSheet] = useState<'why' | 'report'>()
  const close = () => setSheet(undefined)
  const anchor = () => document.querySelector<HTMLElement>(`.feed [data-anchor="${id}"]`)

  const items = (): MenuItem[] => {
    const ofAuthor: MenuItem[] = [
      { label: words.muteAuthor(aut_name), icon: 'mute', run: () => void muteAuthor(aut_id, aut_name) },
      { label: words.blockAuthor(aut_name), icon: 'block', run: () => blockAuthor(aut_id, aut_name) },
      { label: words.report, icon: 'flag', run: () => asReader(() => setSheet('report')) },
    ]
    return [
      ...(why ? [{ label: words.why, icon: 'why' as const, run: () => setSheet('why') }] : []),
      { label: words.notInterested, icon: 'hide', run: () => void notInterested(id) },
      ...(aut_id === currentViewer() ? [] : ofAuthor),
    ]
  }
  return (
    <>
      <Menu icon="more" label={`${words.moreActions} ${title}`} size={18} className="card-menu" items={items} />
      <Suspense>
        {sheet === 'why' && why && <WhySheet why={why} funnel={funnel} card={card} beside={anchor()} onClose={close} />}
        {sheet === 'report' && <ReportSheet target={{ article: id }} onClose={close} />}
      </Suspense>
    </>
  )
}
