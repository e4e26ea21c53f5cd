// The sign-in dialog. It opens when `requestSignIn` is called.

import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { SignInForm } from '../../shared/account/sign-in-form.tsx'
import { currentViewer, doWhatWasIntended, onSignInRequested } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { Sheet } from '../../shared/sheet.tsx'
import { canStore } from '../../shared/storage.ts'
import { ownProfileQuery } from '../api/queries.ts'
import { words } from '../words.ts'

export function SignInDialog() {
  const client = useQueryClient()
  const [isOpen, setOpen] = useState(false)
  useEffect(() => onSignInRequested(() => setOpen(true)), [])
  const welcome = async () => {
    setOpen(false)
    doWhatWasIntended()
    if (!canStore()) {
      showNotice(words.notRemembered)
      return
    }
    const profile = await client.fetchQuery(ownProfileQuery(currentViewer())).catch(() => undefined)
    if (profile) showNotice(words.signedIn(profile.name))
  }
  if (!isOpen) return null
  return (
    <Sheet title={words.signIn} onClose={() => setOpen(false)}>
      <p>{words.signInHint}</p>
      <SignInForm onDone={() => void welcome()} />
    </Sheet>
  )
}
