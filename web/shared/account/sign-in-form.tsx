// A mobile number, and the code that was sent to it.

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiError, callApi } from '../api/client.ts'
import { storeTokens, type Tokens } from '../api/session.ts'
import { sharedWords as words } from '../words.ts'

const MOBILE = /^1[3-9]\d{9}$/
const RESEND_SECONDS = 60 // the server sends one code a minute
/** Its code is public, so the server accepts it only if other machines cannot reach the server. */
const DEMO = { mobile: '13911111111', code: '246810' }
const isLocalServer = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname)

export function SignInForm({ onDone }: { onDone: () => void }) {
  const [mobile, setMobile] = useState('')
  const [code, setCode] = useState('')
  const [secondsLeft, startCountdown] = useCountdown()

  const sendCode = useMutation({
    mutationFn: () => callApi(`sms/codes/${mobile}`),
    onSuccess: () => startCountdown(RESEND_SECONDS),
  })
  const signIn = useMutation({
    mutationFn: () => callApi<Tokens>('authorizations', { method: 'POST', body: { mobile, code } }),
    onSuccess(tokens) {
      storeTokens(tokens)
      setCode('')
      onDone()
    },
  })
  const isValidMobile = MOBILE.test(mobile)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (isValidMobile && code) signIn.mutate()
  }
  const error = signIn.error ?? sendCode.error

  return (
    <form onSubmit={submit} className="sign-in-form">
      <label>
        {words.mobile}
        <input
          type="tel"
          inputMode="numeric"
          autoComplete="tel-national"
          maxLength={11}
          required
          value={mobile}
          onChange={event => setMobile(event.target.value.replace(/\D/g, ''))}
          aria-invalid={mobile.length === 11 && !isValidMobile}
        />
      </label>
      <label>
        {words.code}
        <span className="with-button">
          <input
            inputMode="numeric"
            autoComplete="one-time-code"
            maxLength={6}
            required
            value={code}
            onChange={event => setCode(event.target.value.replace(/\D/g, ''))}
          />
          <button type="button" disabled={!isValidMobile || secondsLeft > 0 || sendCode.isPending} onClick={() => sendCode.mutate()}>
            {secondsLeft > 0 ? words.sendAgainIn(secondsLeft) : words.sendCode}
          </button>
        </span>
      </label>
      <p className="error" role="alert">
        {mobile.length === 11 && !isValidMobile ? words.wrongMobile : error && describeError(error)}
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

function describeError(err: Error): string {
  if (!(err instanceof ApiError)) return words.loadFailed
  if (err.status === 429) return words.tooManyTries
  return err.status === 400 ? words.wrongCode : err.message
}

/** The seconds left, and a function that starts the countdown. */
function useCountdown(): [number, (seconds: number) => void] {
  const [secondsLeft, setSecondsLeft] = useState(0)
  useEffect(() => {
    if (secondsLeft === 0) return
    const timer = setTimeout(() => setSecondsLeft(secondsLeft - 1), 1_000)
    return () => clearTimeout(timer)
  }, [secondsLeft])
  return [secondsLeft, setSecondsLeft]
}
