// Writing a comment or a reply. What was typed is kept in this tab until it has been sent, so nothing is lost by closing the sheet.

import { useQueryClient } from '@tanstack/react-query'
import { type FormEvent, type KeyboardEvent, useEffect, useState } from 'react'
import { type ApiError, callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { FormField } from '../../shared/form-field.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { explainFailure } from '../../shared/optimistic.ts'
import { randomId } from '../../shared/random-id.ts'
import { Sheet } from '../../shared/sheet.tsx'
import { tabStorage } from '../../shared/storage.ts'
import type { Comment, NewComment } from '../api/types.ts'
import { patchArticle } from '../article/reactions.ts'
import { insertComment, patchComment, type Thread } from './comment-queries.ts'
import { commentWords as words } from './comment-words.ts'

const LENGTH_MAX = 2_000 // the server's limit
const COUNTED_FROM = 1_800

interface Props {
  articleId: string
  /** The comment that is answered. */
  parent?: Pick<Comment, 'com_id' | 'aut_name'>
  onClose(): void
  /** After it has been sent. */
  onSent?(): void
}

export function CommentSheet({ articleId, parent, onClose, onSent }: Props) {
  const client = useQueryClient()
  const draft = `comment ${parent?.com_id ?? articleId}`
  const [content, setContent] = useState(() => tabStorage.get<string>(draft) ?? '')
  const [error, setError] = useState<string>()
  const [sending, setSending] = useState(false)
  useEffect(() => {
    if (content) tabStorage.set(draft, content)
    else tabStorage.remove(draft)
  }, [draft, content])

  const send = async (event?: FormEvent) => {
    event?.preventDefault()
    if (sending) return
    if (content.trim() === '') return setError(words.empty)
    setSending(true)
    try {
      const target = parent ? { target: parent.com_id, art_id: articleId } : { target: articleId }
      const request = { method: 'POST', body: { ...target, content }, idempotencyKey: nameOf(draft, content) }
      const { new_obj, in_review } = await callApi<NewComment>('comments', request)
      tabStorage.remove(draft)
      tabStorage.remove(`name ${draft}`)
      if (in_review) {
        showNotice(words.inReview)
        return onClose()
      }
      const viewer = currentViewer()
      const ofArticle: Thread = { type: 'a', id: articleId }
      insertComment(client, viewer, parent ? { type: 'c', id: parent.com_id } : ofArticle, new_obj)
      if (parent) patchComment(client, viewer, ofArticle, parent.com_id, ({ reply_count }) => ({ reply_count: reply_count + 1 }))
      patchArticle(client, articleId, ({ comm_count }) => ({ comm_count: comm_count + 1 }))
      showNotice(words.sent)
      onClose()
      onSent?.()
    } catch (err) {
      setError(explainFailure(err, explain))
      setSending(false)
    }
  }
  const sendOnKeys = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void send()
  }

  const title = parent ? words.replyTo(parent.aut_name) : words.write
  return (
    <Sheet title={title} onClose={onClose}>
      <form className="comment-form" onSubmit={send}>
        <FormField label={words.yourComment} error={error}>
          {attributes => (
            <textarea
              dir="auto"
              {...attributes}
              rows={5}
              maxLength={LENGTH_MAX}
              value={content}
              placeholder={words.placeholder}
              onChange={event => {
                setContent(event.target.value)
                setError(undefined)
              }}
              onKeyDown={sendOnKeys}
            />
          )}
        </FormField>
        <p className="actions">
          <small>{content.length > COUNTED_FROM && words.left(LENGTH_MAX - content.length)}</small>
          <button type="submit" className="button primary" disabled={sending}>
            {words.send}
          </button>
        </p>
      </form>
    </Sheet>
  )
}

/** The same as long as the text is: a comment whose answer was lost, and that is sent again, is there once. */
function nameOf(draft: string, content: string): string {
  const known = tabStorage.get<{ content: string; name: string }>(`name ${draft}`)
  if (known?.content === content) return known.name
  const name = randomId()
  tabStorage.set(`name ${draft}`, { content, name })
  return name
}

function explain({ refusal: { reason, words: found = [] } }: ApiError): string {
  if (reason === 'words') return words.notAllowed(found.join('、'))
  return reason === 'closed' ? words.closed : words.notSent
}
