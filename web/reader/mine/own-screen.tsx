// The frame of a reader's own screens: title, bar, and a way to sign in.

import { type ReactNode, useEffect, useRef } from 'react'
import { requestSignIn } from '../../shared/api/session.ts'
import { Failure } from '../../shared/failure.tsx'
import { useEntryScrollRestoration } from '../../shared/scroll-restoration.ts'
import { BackBar } from '../back-bar.tsx'
import { CornerButtons } from '../corner-buttons.tsx'
import { mineWords as words } from './mine-words.ts'

interface Props {
  viewer: string
  title: string
  /** Shown to devices, too. */
  isForDevices?: boolean
  /** Its list is there, so that a reader who comes back can be taken to where they were in it. */
  ready?: boolean
  children: ReactNode
}

export function OwnScreen({ viewer, title, isForDevices = false, ready = true, children }: Props) {
  useEntryScrollRestoration(ready)
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
