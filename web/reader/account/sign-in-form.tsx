import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useEffect, useState } from 'react'
import { ApiError, api } from '../../shared/api/client.ts'
import { keepTokens, who } from '../../shared/api/session.ts'
import { notify } from '../../shared/notice.tsx'
import { selfOf } from '../api/queries.ts'
import type { Tokens } from '../api/types.ts'
import { words } from '../words.ts'

const MOBILE = /^1[3-9]\d{9}$/
const WAIT_SECONDS = 60 // the server sends one code a minute
/** Its code is the same for everybody, so the server takes it only where nobody else can reach it. */
const DEMO = { mobile: '13911111111', code: '246810' }
const onThisMachine = /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(location.hostname)

export function SignInForm({ onDone }: { onDone: () => void }) {
  const client = useQueryClient()
  const [mobile, setMobile] = useState('')
  const [code, setCode] = useState('')
  const [wait, startWaiting] = useCountdown()

  const send = useMutation({
    mutationFn: () => api(`sms/codes/${mobile}`),
    onSuccess: () => startWaiting(WAIT_SECONDS),
  })
  const signIn = useMutation({
    mutationFn: () => api<Tokens>('authorizations', { method: 'POST', body: { mobile, code } }),
    async onSuccess(tokens) {
      keepTokens(tokens)
      setCode('')
      onDone()
      const self = await client.fetchQuery(selfOf(who())).catch(() => undefined)
      if (self) notify(words.signedIn(self.name))
    },
  })
  const known = MOBILE.test(mobile)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    if (known && code) signIn.mutate()
  }
  const trouble = signIn.error ?? send.error

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
          aria-invalid={mobile.length === 11 && !known}
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
          <button type="button" disabled={!known || wait > 0 || send.isPending} onClick={() => send.mutate()}>
            {wait > 0 ? words.again(wait) : words.sendCode}
          </button>
        </span>
      </label>
      <p className="trouble" role="alert">
        {mobile.length === 11 && !known ? words.wrongMobile : trouble && sayTrouble(trouble)}
      </p>
      <button type="submit" className="button primary" disabled={!known || code.length !== 6 || signIn.isPending}>
        {words.signIn}
      </button>
      {onThisMachine && (
        <button
          type="button"
          className="demo"
          onClick={() => {
            setMobile(DEMO.mobile)
            setCode(DEMO.code)
          }}
        >
          {words.demo}: {DEMO.mobile} / {DEMO.code}
        </button>
      )}
    </form>
  )
}

function sayTrouble(err: Error): string {
  if (!(err instanceof ApiError)) return words.failed
  if (err.status === 429) return words.tooMany
  return err.status === 400 ? words.wrongCode : err.message
}

/** Seconds left, and how to start them. */
function useCountdown(): [number, (seconds: number) => void] {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    if (left === 0) return
    const timer = setTimeout(() => setLeft(left - 1), 1_000)
    return () => clearTimeout(timer)
  }, [left])
  return [left, setLeft]
}
