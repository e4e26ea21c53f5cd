// What is stored about a reader: a copy of it, and its deletion.

import { useMutation } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { CodeField, describeCodeError } from '../../shared/account/code-field.tsx'
import { callApi, downloadFile } from '../../shared/api/client.ts'
import { accountWords as words } from './account-words.ts'
import { useForgetReader } from './sign-out.ts'

export function YourData() {
  const download = useMutation({ mutationFn: () => downloadFile('me/export', { generation: 'v1' }).then(saveFile) })
  return (
    <section aria-labelledby="data">
      <h2 id="data">{words.yourData}</h2>
      <p>{words.exportHint}</p>
      <button type="button" className="button" onClick={() => download.mutate()} disabled={download.isPending}>
        {words.exportData}
      </button>
      <p role="alert">{download.error && describeCodeError(download.error)}</p>
      <details>
        <summary>{words.deleteAccount}</summary>
        <DeletionForm />
      </details>
    </section>
  )
}

function DeletionForm() {
  const [code, setCode] = useState('')
  const [sendError, setSendError] = useState<Error>()
  const forget = useForgetReader()
  const remove = useMutation({
    mutationFn: () => callApi<{ deleted_at: string }>('me', { generation: 'v1', method: 'DELETE', body: { code } }),
    onSuccess: ({ deleted_at }) => forget(words.deletionDue(new Date(deleted_at).toLocaleDateString())),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    remove.mutate()
  }
  const error = remove.error ?? sendError
  return (
    <form onSubmit={submit} className="sign-in-form">
      <p>{words.deletionHint}</p>
      <CodeField
        label={words.code}
        code={code}
        onChange={setCode}
        send={() => callApi('me/deletion-codes', { generation: 'v1', method: 'POST' })}
        onError={setSendError}
      />
      <p className="error" role="alert">
        {error && describeCodeError(error)}
      </p>
      <button type="submit" className="button" disabled={code.length !== 6 || remove.isPending}>
        {words.deleteAccount}
      </button>
    </form>
  )
}

function saveFile(file: Blob): void {
  const link = document.createElement('a')
  link.href = URL.createObjectURL(file)
  link.download = 'broadsheet.json'
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href)) // the browser has begun to read it
}
