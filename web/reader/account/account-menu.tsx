// A button in the corner: "sign in" for a stranger, for a reader their picture and what hangs on it.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { type ToggleEvent, useRef } from 'react'
import { keepTokens, useWho } from '../../shared/api/session.ts'
import { Icon } from '../../shared/icons.tsx'
import { notify } from '../../shared/notice.tsx'
import { count } from '../../shared/time.ts'
import { selfOf } from '../api/queries.ts'
import { words } from '../words.ts'
import { openSignIn } from './sign-in.tsx'

export function AccountMenu() {
  const who = useWho()
  const { data: self } = useQuery(selfOf(who))
  const client = useQueryClient()
  const menu = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)

  if (who === 'device')
    return (
      <button type="button" className="sign-in" onClick={openSignIn}>
        {words.signIn}
      </button>
    )

  // Below its button, wherever the screen has that.
  const place = ({ newState, currentTarget: { style } }: ToggleEvent<HTMLElement>) => {
    const at = button.current?.getBoundingClientRect()
    if (newState !== 'open' || !at) return
    style.top = `${at.bottom + scrollY + 6}px`
    style.right = `${document.documentElement.clientWidth - at.right}px`
  }
  const signOut = () => {
    menu.current?.hidePopover()
    keepTokens(undefined)
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === who })
    notify(words.signedOut)
  }
  return (
    <>
      <button ref={button} type="button" className="round" popoverTarget="account" aria-label={words.account} title={words.account}>
        {self ? <img src={self.photo} alt="" width="28" height="28" /> : <Icon name="person" />}
      </button>
      <div ref={menu} id="account" className="account" popover="auto" role="dialog" aria-label={words.account} onBeforeToggle={place}>
        {self && (
          <>
            <p className="name">{self.name}</p>
            <dl>
              <Fact name={words.articles} value={self.art_count} />
              <Fact name={words.follows} value={self.follow_count} />
              <Fact name={words.fans} value={self.fans_count} />
            </dl>
          </>
        )}
        <button type="button" className="button" onClick={signOut}>
          {words.signOut}
        </button>
      </div>
    </>
  )
}

function Fact({ name, value }: { name: string; value: number }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{count(value)}</dd>
    </div>
  )
}
