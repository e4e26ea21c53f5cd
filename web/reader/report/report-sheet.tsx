// Reports an article, a comment or a message to the editors: one reason, and a few words if none fits.

import { type FormEvent, useState } from 'react'
import { type ApiError, callApi } from '../../shared/api/client.ts'
import { FormField } from '../../shared/form-field.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { explainFailure } from '../../shared/optimistic.ts'
import { Sheet } from '../../shared/sheet.tsx'
import { REASONS, reportWords as words } from './report-words.ts'
import type { Reported } from './reported.ts'

const OTHER = 0
const REMARK_MAX = 200

export function ReportSheet({ target, onClose }: { target: Reported; onClose(): void }) {
  const [type, setType] = useState<number>()
  const [remark, setRemark] = useState('')
  const [error, setError] = useState<string>()
  const [sending, setSending] = useState(false)

  const send = async (event: FormEvent) => {
    event.preventDefault()
    if (type === undefined) return setError(words.choose)
    setSending(true)
    try {
      await sendReport(target, { type, remark: type === OTHER ? remark : undefined })
      showNotice(words.thanks)
      onClose()
    } catch (err) {
      setError(
        explainFailure(err, ({ status }: ApiError) => (status === 409 ? words.already : status === 404 ? words.gone : words.notSaved)),
      )
      setSending(false)
    }
  }
  return (
    <Sheet title={words.report} onClose={onClose}>
      <form className="report" onSubmit={send}>
        <fieldset>
          <legend className="visually-hidden">{words.why}</legend>
          {REASONS.map(each => (
            <label key={each.type}>
              <input type="radio" name="type" checked={type === each.type} onChange={() => setType(each.type)} />
              {each.name}
            </label>
          ))}
        </fieldset>
        {type === OTHER && (
          <FormField label={words.inYourWords}>
            {attributes => (
              <textarea
                {...attributes}
                dir="auto"
                rows={3}
                maxLength={REMARK_MAX}
                value={remark}
                onChange={event => setRemark(event.target.value)}
              />
            )}
          </FormField>
        )}
        <p className="error" role="alert">
          {error}
        </p>
        <button type="submit" className="button primary" disabled={sending}>
          {words.send}
        </button>
      </form>
    </Sheet>
  )
}

function sendReport(target: Reported, report: { type: number; remark?: string }) {
  if ('article' in target) return callApi('article/reports', { method: 'POST', body: { target: target.article, ...report } })
  const path = 'comment' in target ? `comments/${target.comment}` : `chats/${target.chat}/messages/${target.message}`
  return callApi(`${path}/reports`, { generation: 'v1', method: 'POST', body: report })
}
