// What surrounds every screen: the menu with the screens that are open to the administrator, the theme, the account.

import { Button } from '@mantine/core'
import { type ReactNode, useState } from 'react'
import { useLocation } from 'wouter'
import { ThemeButton } from '../../shared/frame/theme-button.tsx'
import { textAttributes } from '../../shared/language.ts'
import { Link } from '../../shared/router.tsx'
import { useAdministrator, useCan } from '../administrator.tsx'
import { SECTIONS } from '../screens.tsx'
import { words } from '../words.ts'
import { SignOutButton } from './sign-out-button.tsx'

export function Shell({ children }: { children: ReactNode }) {
  const { name } = useAdministrator()
  const [isOpen, setOpen] = useState(false) // on a phone
  return (
    <div className="shell office">
      <a className="skip" href="#main">
        {words.skipToContent}
      </a>
      <header>
        <a className="name" href="/">
          Broadsheet
        </a>
        <Button
          className="menu-button"
          variant="default"
          size="compact-sm"
          aria-expanded={isOpen}
          aria-controls="menu"
          onClick={() => setOpen(!isOpen)}
        >
          {words.menu}
        </Button>
        <div className="account">
          <span className="who" {...textAttributes(name)}>
            {name}
          </span>
          <ThemeButton />
          <SignOutButton />
        </div>
      </header>
      <Menu isOpen={isOpen} onChosen={() => setOpen(false)} />
      <main id="main" tabIndex={-1}>
        {children}
      </main>
    </div>
  )
}

function Menu({ isOpen, onChosen }: { isOpen: boolean; onChosen: () => void }) {
  const can = useCan()
  const [path] = useLocation()
  return (
    <nav id="menu" aria-label={words.menu} data-open={isOpen}>
      {SECTIONS.map(({ name, screens }) => {
        const open = screens.filter(({ code }) => code === undefined || can(code))
        if (open.length === 0) return null
        return (
          <section key={name}>
            <h2>{name}</h2>
            <ul>
              {open.map(screen => (
                <li key={screen.path}>
                  <Link href={screen.path} aria-current={path === screen.path ? 'page' : undefined} onClick={onChosen}>
                    {screen.name}
                  </Link>
                </li>
              ))}
            </ul>
          </section>
        )
      })}
    </nav>
  )
}
