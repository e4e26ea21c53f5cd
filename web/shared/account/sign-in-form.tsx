// A mobile number, and the code that was sent to it.

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useRef, useState } from 'react'
import { callApi } from '../api/client.ts'
import { storeTokens, type Tokens } from '../api/session.ts'
import { sharedWords as words } from '../words.ts'
import { CodeField, describeCodeError, isCode } from './code-field.tsx'
import { isMobile, MobileField } from './mobile-field.tsx'

/** Its code is public, so the server accepts it only if other machines cannot reach the server. */
const DEMO = { mobile: '13911111111', code: '246810' }
const isLocalServer = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname)

export function SignInForm({ onDone }: { onDone: () => void }) {
  const [mobile, setMobile] = useState('')
  const [code, setCode] = useState('')
  const [sendError, setSendError] = useState<Error>()
  const [isAsked, setAsked] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const signIn = useMutation({
    mutationFn: () => callApi<Tokens>('authorizations', { method: 'POST', body: { mobile, code } }),
    onSuccess(tokens) {
      storeTokens(tokens)
      setCode('')
      onDone()
    },
  })
  const isValidMobile = isMobile(mobile)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setAsked(true)
    if (isValidMobile && isCode(code)) signIn.mutate()
    else form.current?.querySelectorAll('input')[isValidMobile ? 1 : 0]?.focus()
  }
  const noteSent = (err: Error | undefined) => {
    signIn.reset() // what was said of the code before it
    setSendError(err)
  }
  const error = signIn.error ?? sendError

  return (
    <form ref={form} onSubmit={submit} className="sign-in-form" noValidate>
      <MobileField mobile={mobile} onChange={setMobile} isAsked={isAsked} />
      <CodeField
        label={words.code}
        code={code}
        onChange={setCode}
        send={() => callApi(`sms/codes/${mobile}`)}
        onError={noteSent}
        isReady={isValidMobile}
        sentTo={mobile}
        isAsked={isAsked}
      />
      <p className="error" role="alert">
        {error && describeCodeError(error)}
      </p>
      <button type="submit" className="button primary" disabled={signIn.isPending}>
        {words.signIn}
      </button>
      {isLocalServer && (
        <button
          type="button"
          className="demo"
          onClick={() => {
            setMobile(DEMO.mobile)
            setCode(DEMO.code)
          }}
        >
          {words.demoAccount}: {DEMO.mobile} / {DEMO.code}
        </button>
      )}
    </form>
  )
}
