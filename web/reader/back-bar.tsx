// The bar at the top of every screen but the feed: back, home, and what the screen adds.

import type { ReactNode } from 'react'
import { IconButton } from '../shared/icon-button.tsx'
import { goBack, Link } from '../shared/router.tsx'
import { words } from './words.ts'

export function BackBar({ className = 'bar', children }: { className?: string; children: ReactNode }) {
  return (
    <header className={className}>
      <IconButton icon="back" size={24} label={words.back} onClick={goBack} />
      <Link className="wordmark" href="/">
        Broadsheet
      </Link>
      {children}
    </header>
  )
}
