import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CodeField, describeCodeError } from '../../shared/account/code-field.tsx'
import { isMobile, MobileField } from '../../shared/account/mobile-field.tsx'
import { callApi } from '../../shared/api/client.ts'
import { showNotice } from '../../shared/notice.tsx'
import { sessionsQuery } from '../api/queries.ts'
import { accountWords as words } from './account-words.ts'

const sendCode = (mobile?: string) => callApi('me/mobile-codes', { generation: 'v1', method: 'POST', body: { mobile } })

/** A new mobile number, with a code from the old one and one from the new one. */
export function MobileChange({ viewer }: { viewer: string }) {
  const client = useQueryClient()
  const [mobile, setMobile] = useState('')
  const [oldCode, setOldCode] = useState('')
  const [newCode, setNewCode] = useState('')
  const [sendError, setSendError] = useState<Error>()
  const change = useMutation({
    mutationFn: () => callApi('me/mobile', { generation: 'v1', method: 'PUT', body: { mobile, old_code: oldCode, new_code: newCode } }),
    onSuccess() {
      for (const clear of [setMobile, setOldCode, setNewCode]) clear('')
      showNotice(words.mobileChanged)
      void client.invalidateQueries({ queryKey: sessionsQuery(viewer).queryKey }) // the other sessions have ended
    },
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const error = change.error ?? sendError
  return (
    <section aria-labelledby="mobile">
      <h2 id="mobile">{words.changeMobile}</h2>
      <form onSubmit={submit} className="sign-in-form">
        <CodeField label={words.oldCode} code={oldCode} onChange={setOldCode} send={() => sendCode()} onError={setSendError} />
        <MobileField label={words.newMobile} mobile={mobile} onChange={setMobile} />
        <CodeField
          label={words.newCode}
          code={newCode}
          onChange={setNewCode}
          send={() => sendCode(mobile)}
          onError={setSendError}
          isReady={isMobile(mobile)}
        />
        <p className="error" role="alert">
          {error && describeCodeError(error)}
        </p>
        <button
          type="submit"
          className="button"
          disabled={!isMobile(mobile) || oldCode.length !== 6 || newCode.length !== 6 || change.isPending}
        >
          {words.changeMobile}
        </button>
      </form>
    </section>
  )
}
