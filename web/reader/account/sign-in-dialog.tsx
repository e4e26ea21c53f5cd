// The sign-in dialog. It opens when `requestSignIn` is called.

import { useEffect, useRef } from 'react'
import { onSignInRequested } from '../../shared/api/session.ts'
import { Icon } from '../../shared/icons.tsx'
import { words } from '../words.ts'
import { SignInForm } from './sign-in-form.tsx'

export function SignInDialog() {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(
    () =>
      onSignInRequested(() => {
        if (!dialog.current?.open) dialog.current?.showModal()
      }),
    [],
  )
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
