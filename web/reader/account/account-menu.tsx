// In the corner: for a device what is its own and "sign in", for a reader their photo, with a menu.

import { useQuery } from '@tanstack/react-query'
import { type ToggleEvent, useRef } from 'react'
import { requestSignIn, useViewer } from '../../shared/api/session.ts'
import { Icon } from '../../shared/icons.tsx'
import { textAttributes } from '../../shared/language.ts'
import { hideOnClickBeside } from '../../shared/popover.ts'
import { Link } from '../../shared/router.tsx'
import { formatCount } from '../../shared/time.ts'
import { ownProfileQuery } from '../api/queries.ts'
import { words } from '../words.ts'
import { useSignOut } from './sign-out.ts'

const GAP_PX = 6

const LINKS = [
  ['/mine', words.mine],
  ['/mine/history', words.history],
  ['/mine/collections', words.collections],
  ['/mine/turned-off', words.turnedOff],
  ['/account/security', words.security],
  ['/announcements', words.announcements],
] as const

/** Each leads to the list that it counts. */
const FIGURES = [
  ['/mine/articles', 'art_count', words.articles],
  ['/mine/followings', 'follow_count', words.follows],
  ['/mine/followers', 'fans_count', words.fans],
] as const

export function AccountMenu() {
  const viewer = useViewer()
  const { data: profile } = useQuery(ownProfileQuery(viewer))
  const endSession = useSignOut()
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  if (viewer === 'device')
    return (
      <>
        <Link className="round" href="/mine" aria-label={words.mine} title={words.mine}>
          <Icon name="person" />
        </Link>
        <button type="button" className="sign-in" onClick={() => requestSignIn()}>
          {words.signIn}
        </button>
      </>
    )

  const positionBelowButton = ({ newState, currentTarget: { style } }: ToggleEvent<HTMLElement>) => {
    const box = button.current?.getBoundingClientRect()
    if (newState !== 'open' || !box) return
    style.top = `${box.bottom + scrollY + GAP_PX}px`
    style.right = `${document.documentElement.clientWidth - box.right}px`
  }
  const closeMenu = () => menu.current?.hidePopover()
  const signOut = () => {
    closeMenu()
    endSession()
  }
  return (
    <>
      <button ref={button} type="button" className="round" popoverTarget="account" aria-label={words.account} title={words.account}>
        {profile ? <img src={profile.photo} alt="" width="28" height="28" /> : <Icon name="person" />}
      </button>
      <div
        ref={menu}
        id="account"
        className="account"
        popover="auto"
        role="dialog"
        aria-label={words.account}
        onBeforeToggle={positionBelowButton}
        onClick={hideOnClickBeside}
      >
        {profile && (
          <>
            <p className="name" {...textAttributes(profile.name)}>
              {profile.name}
            </p>
            <nav className="figures" aria-label={profile.name}>
              {FIGURES.map(([path, field, name]) => (
                <Link key={path} href={path} onClick={closeMenu}>
                  <b>{formatCount(profile[field])}</b> {name}
                </Link>
              ))}
            </nav>
          </>
        )}
        <nav className="links">
          {LINKS.map(([path, name]) => (
            <Link key={path} href={path} onClick={closeMenu}>
              {name}
            </Link>
          ))}
        </nav>
        <button type="button" className="button" onClick={signOut}>
          {words.signOut}
        </button>
      </div>
    </>
  )
}
