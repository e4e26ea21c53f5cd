// An account and a password; the code of the second factor when the server asks for it.

import { Button, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { ApiError } from '../../shared/api/request.ts'
import type { TokenPair } from '../../shared/api/token-store.ts'
import { adminTokens, callApi } from '../api/client.ts'
import { words } from '../words.ts'

/** The server's reasons, when the password was right. */
const NEEDS_CODE = 'code-required'
const WRONG_CODE = 'wrong-code'

export function SignInScreen() {
  const [account, setAccount] = useState('')
  const [password, setPassword] = useState('')
  const [code, setCode] = useState('')
  const signIn = useMutation({
    mutationFn: () =>
      callApi<TokenPair>('mis/authorizations', { method: 'POST', body: { account, password, ...(code ? { otp: code.trim() } : {}) } }),
    onSuccess: ({ token, refresh_token }) => adminTokens.set({ token, refresh_token }),
  })
  const [asksCode, setAsksCode] = useState(false)
  const reason = reasonOf(signIn.error)
  if (reason === NEEDS_CODE && !asksCode) setAsksCode(true)
  const submit = (event: FormEvent) => {
    event.preventDefault()
    signIn.mutate()
  }
  return (
    <main className="sign-in-screen">
      <h1>{words.officeTitle}</h1>
      <p>{words.signInHint}</p>
      <form onSubmit={submit} className="form">
        <TextInput
          label={words.account}
          autoComplete="username"
          required
          value={account}
          onChange={event => setAccount(event.currentTarget.value)}
        />
        <TextInput
          label={words.password}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={event => setPassword(event.currentTarget.value)}
        />
        {asksCode && (
          <TextInput
            label={words.secondFactor}
            description={words.secondFactorHint}
            inputMode="numeric"
            autoComplete="one-time-code"
            autoFocus
            required
            value={code}
            onChange={event => setCode(event.currentTarget.value)}
          />
        )}
        <p className="error" role="alert">
          {signIn.error && reason !== NEEDS_CODE && describe(signIn.error)}
        </p>
        <Button type="submit" loading={signIn.isPending}>
          {words.signIn}
        </Button>
      </form>
    </main>
  )
}

const reasonOf = (err: Error | null) => (err instanceof ApiError ? err.refusal.reason : undefined)

function describe(err: Error): string {
  if (!(err instanceof ApiError)) return words.loadFailed
  if (reasonOf(err) === WRONG_CODE) return words.wrongCode
  if (err.status === 429) return words.tooManyTries
  return err.status === 403 ? words.wrongAccount : err.message
}
