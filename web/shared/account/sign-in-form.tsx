// A mobile number, and the code that was sent to it.

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { callApi } from '../api/client.ts'
import { storeTokens, type Tokens } from '../api/session.ts'
import { sharedWords as words } from '../words.ts'
import { CodeField, describeCodeError } from './code-field.tsx'
import { isMobile, isWrongMobile, MobileField } from './mobile-field.tsx'

/** Its code is public, so the server accepts it only if other machines cannot reach the server. */
const DEMO = { mobile: '13911111111', code: '246810' }
const isLocalServer = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname)

export function SignInForm({ onDone }: { onDone: () => void }) {
  const [mobile, setMobile] = useState('')
  const [code, setCode] = useState('')
  const [sendError, setSendError] = useState<Error>()
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
    if (isValidMobile && code) signIn.mutate()
  }
  const error = signIn.error ?? sendError

  return (
    <form onSubmit={submit} className="sign-in-form">
      <MobileField mobile={mobile} onChange={setMobile} />
      <CodeField
        label={words.code}
        code={code}
        onChange={setCode}
        send={() => callApi(`sms/codes/${mobile}`)}
        onError={setSendError}
        isReady={isValidMobile}
      />
      <p className="error" role="alert">
        {isWrongMobile(mobile) ? words.wrongMobile : error && describeCodeError(error)}
      </p>
      <button type="submit" className="button primary" disabled={!isValidMobile || code.length !== 6 || signIn.isPending}>
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
