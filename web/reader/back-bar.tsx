// The bar at the top of every screen but the feed: back, home, and what the screen adds.

import type { ReactNode } from 'react'
import { Link } from 'wouter'
import { Icon } from '../shared/icons.tsx'
import { goBack } from '../shared/router.tsx'
import { words } from './words.ts'

export function BackBar({ className = 'bar', children }: { className?: string; children: ReactNode }) {
  return (
    <header className={className}>
      <button type="button" className="round" onClick={goBack} aria-label={words.back} title={words.back}>
        <Icon name="back" size={24} />
      </button>
      <Link className="wordmark" href="/">
        Broadsheet
      </Link>
      {children}
    </header>
  )
}
