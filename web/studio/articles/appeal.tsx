// Asks the editors to change a decision, or says what became of that.

import { Button, Textarea } from '@mantine/core'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { isolate } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { decisionsQuery } from '../api/queries.ts'
import type { Decision } from '../api/types.ts'
import { refusalOf } from '../refusal.ts'
import { appealWords as words } from './appeal-words.ts'

const REASON_MAX = 500
const APPEAL = { waiting: 1, granted: 2 }

export function Appeal({ decision, viewer }: { decision: Decision; viewer: string }) {
  const [isOpen, setIsOpen] = useState(false)
  if (decision.appeal_status !== null) return <p className="appeal">{describe(decision)}</p>
  return (
    <>
      <Button className="appeal" variant="default" size="compact-sm" onClick={() => setIsOpen(true)}>
        {words.appeal}
      </Button>
      {isOpen && <AppealSheet articleId={decision.article_id} viewer={viewer} onClose={() => setIsOpen(false)} />}
    </>
  )
}

function describe({ appeal_status, appeal_answer }: Decision): string {
  if (appeal_status === APPEAL.waiting) return words.waiting
  if (appeal_status === APPEAL.granted) return words.granted
  return appeal_answer ? words.answered(isolate(appeal_answer)) : words.turnedDown
}

function AppealSheet({ articleId, viewer, onClose }: { articleId: string; viewer: string; onClose: () => void }) {
  const [reason, setReason] = useState('')
  const client = useQueryClient()
  const send = useMutation({
    mutationFn: () => callApi(`studio/articles/${articleId}/appeals`, { generation: 'v1', method: 'POST', body: { reason } }),
    onSuccess: () => {
      showNotice(words.sent)
      onClose()
    },
    onError: err => showNotice(refusalOf(err)),
    onSettled: () => client.invalidateQueries({ queryKey: decisionsQuery(viewer).queryKey }),
  })
  return (
    <Sheet label={words.appeal} onClose={onClose}>
      <form
        className="answer"
        onSubmit={event => {
          event.preventDefault()
          send.mutate()
        }}
      >
        <Textarea
          dir="auto"
          label={words.appealReason}
          description={words.appealHint}
          value={reason}
          maxLength={REASON_MAX}
          rows={4}
          data-autofocus
          onChange={event => setReason(event.currentTarget.value)}
        />
        <Button type="submit" disabled={!reason.trim()} loading={send.isPending}>
          {words.send}
        </Button>
      </form>
    </Sheet>
  )
}
