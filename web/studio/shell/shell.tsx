// What surrounds every screen: the name, the links to the screens, the theme, the account.

import { Button } from '@mantine/core'
import { useQuery, useQueryClient } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { useLocation } from 'wouter'
import { endSession } from '../../shared/account/end-session.ts'
import { callApi } from '../../shared/api/client.ts'
import { storeTokens } from '../../shared/api/session.ts'
import { ThemeButton } from '../../shared/frame/theme-button.tsx'
import { textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { Link } from '../../shared/router.tsx'
import { words } from '../words.ts'

const SCREENS = [
  { path: '/', name: words.articles },
  { path: '/write', name: words.write },
  { path: '/materials', name: words.materials },
  { path: '/followers', name: words.followers },
  { path: '/statistics', name: words.statistics },
]

export function Shell({ viewer, children }: { viewer: string; children: ReactNode }) {
  const [path] = useLocation()
  const client = useQueryClient()
  const { data: profile } = useQuery({
    queryKey: ['profile', viewer],
    queryFn: ({ signal }) => callApi<{ name: string; photo: string }>('mp/user/profile', { signal }),
    staleTime: 60_000,
  })
  const signOut = () => {
    endSession()
    storeTokens(undefined)
    client.clear()
    showNotice(words.signedOut)
  }
  return (
    <div className="shell">
      <a className="skip" href="#main">
        {words.skipToContent}
      </a>
      <header>
        <a className="name" href="/">
          Broadsheet
        </a>
        <nav aria-label={words.studioTitle}>
          {SCREENS.map(screen => (
            <Link key={screen.path} href={screen.path} aria-current={isCurrent(path, screen.path) ? 'page' : undefined}>
              {screen.name}
            </Link>
          ))}
        </nav>
        <div className="account">
          {profile && <img src={profile.photo} alt="" width="28" height="28" />}
          <span className="who" {...textAttributes(profile?.name)}>
            {profile?.name}
          </span>
          <ThemeButton />
          <Button variant="subtle" color="gray" size="compact-sm" onClick={signOut}>
            {words.signOut}
          </Button>
        </div>
      </header>
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

const isCurrent = (path: string, screen: string) => (screen === '/' ? path === '/' : path.startsWith(screen))
