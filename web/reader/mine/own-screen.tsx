// The frame of a reader's own screens: title, bar, and a way to sign in.

import { type ReactNode, useEffect, useRef } from 'react'
import { requestSignIn } from '../../shared/api/session.ts'
import { Failure } from '../../shared/failure.tsx'
import { BackBar } from '../back-bar.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { mineWords as words } from './mine-words.ts'

interface Props {
  viewer: string
  title: string
  /** Shown to devices, too. */
  isForDevices?: boolean
  children: ReactNode
}

export function OwnScreen({ viewer, title, isForDevices = false, children }: Props) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <>
      <BackBar>
        <CornerButtons />
      </BackBar>
      <main className="own-screen">
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {viewer === 'device' && !isForDevices ? (
          <Failure title={words.signInFirst}>
            <button type="button" className="button primary" onClick={() => requestSignIn()}>
              {words.signIn}
            </button>
          </Failure>
        ) : (
          children
        )}
      </main>
    </>
  )
}
