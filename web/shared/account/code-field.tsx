// The field for a code that was sent to a mobile number, with the button that sends it.

import { useMutation } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { ApiError } from '../api/client.ts'
import { FormField } from '../form-field.tsx'
import { sharedWords as words } from '../words.ts'

const RESEND_SECONDS = 60 // the server sends one code a minute

interface Field {
  label: string
  code: string
  onChange: (code: string) => void
  send: () => Promise<unknown>
  /** Called with undefined when a code was sent. */
  onError: (err: Error | undefined) => void
  /** Whether there is a number to send it to. */
  isReady?: boolean
  /** The number it is sent to, if it is said there. */
  sentTo?: string
  /** Says that the code is missing, or too short. */
  isAsked?: boolean
}

export const isCode = (text: string): boolean => text.length === 6

export function CodeField({ label, code, onChange, send, onError, isReady = true, sentTo, isAsked = false }: Field) {
  const [secondsLeft, startCountdown] = useCountdown()
  const sendCode = useMutation({
    mutationFn: (_to?: string) => send(),
    onSuccess() {
      startCountdown(RESEND_SECONDS)
      onError(undefined)
    },
    onError,
  })
  return (
    <FormField label={label} error={isAsked && !isCode(code) ? words.missingCode : undefined}>
      {attributes => (
        <>
          <span className="with-button">
            <input
              {...attributes}
              inputMode="numeric"
              autoComplete="one-time-code"
              maxLength={6}
              required
              value={code}
              onChange={event => onChange(event.target.value.replace(/\D/g, ''))}
            />
            <button type="button" disabled={!isReady || secondsLeft > 0 || sendCode.isPending} onClick={() => sendCode.mutate(sentTo)}>
              {secondsLeft > 0 ? words.sendAgainIn(secondsLeft) : words.sendCode}
            </button>
          </span>
          <small role="status">{sendCode.isSuccess && sendCode.variables && words.codeSent(sendCode.variables)}</small>
        </>
      )}
    </FormField>
  )
}

export function describeCodeError(err: Error): string {
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
