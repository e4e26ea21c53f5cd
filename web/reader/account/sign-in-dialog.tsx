// Signing in: a mobile number, and the code that was sent to it.

import { useEffect, useRef } from 'react'
import { Icon } from '../../shared/icons.tsx'
import { words } from '../words.ts'
import { SignInForm } from './sign-in-form.tsx'

const OPEN = 'broadsheet:sign-in'

export const openSignIn = (): void => void dispatchEvent(new Event(OPEN))

export function SignIn() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    const open = () => {
      if (!dialog.current?.open) dialog.current?.showModal()
    }
    addEventListener(OPEN, open)
    return () => removeEventListener(OPEN, open)
  }, [])
  const close = () => dialog.current?.close()

  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="sign-in" closedby="any">
      <div className="sheet-head">
        <h2 id="sign-in">{words.signIn}</h2>
        <button type="button" className="round" onClick={close} aria-label={words.close}>
          <Icon name="close" />
        </button>
      </div>
      <p>{words.signInHint}</p>
      <SignInForm onDone={close} />
    </dialog>
  )
}
