// The sign-in dialog. It opens when `requestSignIn` is called.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useRef } from 'react'
import { SignInForm } from '../../shared/account/sign-in-form.tsx'
import { currentViewer, doWhatWasIntended, onSignInRequested } from '../../shared/api/session.ts'
import { IconButton } from '../../shared/icon-button.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { canStore } from '../../shared/storage.ts'
import { ownProfileQuery } from '../api/queries.ts'
import { words } from '../words.ts'

export function SignInDialog() {
  const client = useQueryClient()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(
    () =>
      onSignInRequested(() => {
        if (!dialog.current?.open) dialog.current?.showModal()
      }),
    [],
  )
  const close = () => dialog.current?.close()
  const welcome = async () => {
    close()
    doWhatWasIntended()
    if (!canStore()) {
      showNotice(words.notRemembered)
      return
    }
    const profile = await client.fetchQuery(ownProfileQuery(currentViewer())).catch(() => undefined)
    if (profile) showNotice(words.signedIn(profile.name))
  }

  return (
    <dialog ref={dialog} className="sheet" aria-labelledby="sign-in" closedby="any">
      <div className="sheet-head">
        <h2 id="sign-in">{words.signIn}</h2>
        <IconButton icon="close" label={words.close} onClick={close} />
      </div>
      <p>{words.signInHint}</p>
      <SignInForm onDone={() => void welcome()} />
    </dialog>
  )
}
