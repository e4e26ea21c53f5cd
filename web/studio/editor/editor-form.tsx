import { Alert, Button, NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useRef, useState } from 'react'
import { callApi } from '../../shared/api/client.ts'
import { isolate, textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { formatAgeOf } from '../../shared/time.ts'
import { channelsQuery } from '../api/queries.ts'
import { type EditableArticle, STATUS } from '../api/types.ts'
import { refusalOf } from '../refusal.ts'
import { type ArticleDraft, lengthOf, TITLE_MAX, TITLE_MIN } from './article-draft.ts'
import { useAutosave } from './autosave.ts'
import { AutosaveStatus } from './autosave-status.tsx'
import { CoverField } from './cover-field.tsx'
import { editorWords as words } from './editor-words.ts'
import { fromLocalInput, toLocalInput } from './local-input.ts'
import { RevisionList } from './revision-list.tsx'
import type { TextEditorHandle } from './text-editor.tsx'
import { useSave } from './use-save.ts'

const TextEditor = lazy(() => import('./text-editor.tsx').then(module => ({ default: module.TextEditor })))

export interface EditorFormProps {
  /** Undefined until a new article is saved. */
  id: string | undefined
  /** Where unsaved text is kept: the id, or the key of a new draft. */
  autosaveKey: string
  article: EditableArticle
  initial: ArticleDraft
  /** When `initial` was saved automatically. */
  restoredAt: string | undefined
  /** Unsaved text of before the article was changed elsewhere. */
  outdated: { draft: ArticleDraft; savedAt: string } | undefined
  /** After the autosave was deleted. */
  onDiscarded: () => void
}

export function EditorForm({ id, autosaveKey, article, initial, restoredAt, outdated, onDiscarded }: EditorFormProps) {
  const { data: channels = [] } = useQuery(channelsQuery)
  const [fields, setFields] = useState(initial)
  const [showsRevisions, setShowsRevisions] = useState(false)
  const [isSaved, setIsSaved] = useState(false)
  const [isTaken, setIsTaken] = useState(false)
  const [textVersion, setTextVersion] = useState(0)
  const text = useRef<TextEditorHandle>(null)
  const html = useRef(initial.content)
  const read = (): ArticleDraft => {
    html.current = text.current?.html() ?? html.current
    return { ...fields, content: html.current }
  }
  const autosave = useAutosave(autosaveKey, read)
  const onSaved = (version: string) => {
    setIsSaved(true)
    setFields(before => ({ ...before, version }))
  }
  const { save, isSaving, similar, problem, refused } = useSave({ id, autosaveKey, read, autosave, onSaved })

  const change = (part: Partial<ArticleDraft> | ((before: ArticleDraft) => Partial<ArticleDraft>)) => {
    setFields(before => ({ ...before, ...(typeof part === 'function' ? part(before) : part) }))
    autosave.changed()
  }
  /** Also replaces the text, which the text editor keeps itself. */
  const replace = (draft: Pick<ArticleDraft, 'content'> & Partial<ArticleDraft>) => {
    change(draft)
    html.current = draft.content
    setTextVersion(textVersion + 1)
  }
  const discard = async () => {
    await autosave.stop()
    try {
      await callApi(`studio/autosaves/${autosaveKey}`, { generation: 'v1', method: 'DELETE' })
      onDiscarded()
    } catch (err) {
      autosave.resume(autosaveKey)
      showNotice(refusalOf(err))
    }
  }
  const titleLength = lengthOf(fields.title)
  return (
    <form className="editor" onSubmit={event => event.preventDefault()}>
      <h1>{id ? words.edit : words.write}</h1>
      {!isSaved && restoredAt && (
        <Alert role="status" color="gray">
          {words.restored(formatAgeOf(Date.parse(restoredAt)))}{' '}
          <Button variant="default" size="compact-sm" onClick={() => void discard()}>
            {words.discard}
          </Button>
        </Alert>
      )}
      {!isSaved && outdated && !isTaken && (
        <Alert role="status" color="yellow">
          {words.outdatedAutosave(formatAgeOf(Date.parse(outdated.savedAt)))}{' '}
          <Button
            variant="default"
            size="compact-sm"
            onClick={() => {
              replace({ ...outdated.draft, version: initial.version })
              setIsTaken(true)
            }}
          >
            {words.takeOutdated}
          </Button>
        </Alert>
      )}
      {!isSaved && article.status === STATUS.rejected && article.reject_reason && (
        <Alert color="red">{words.rejectedBecause(isolate(article.reject_reason))}</Alert>
      )}
      {!isSaved && article.status === STATUS.published && <Alert color="gray">{words.resubmitWarning}</Alert>}
      <TextInput
        className="title"
        dir="auto"
        label={words.title}
        description={words.titleLength(titleLength)}
        value={fields.title}
        required
        aria-invalid={titleLength > TITLE_MAX || (titleLength > 0 && titleLength < TITLE_MIN)}
        onChange={event => change({ title: event.currentTarget.value })}
      />
      <Suspense fallback={<div className="text-editor opening">{words.loadingEditor}</div>}>
        <TextEditor key={textVersion} ref={text} initial={html.current} onChange={autosave.changed} />
      </Suspense>
      <div className="fields">
        <NativeSelect
          label={words.channel}
          value={String(fields.channel_id)}
          required
          onChange={event => change({ channel_id: Number(event.currentTarget.value) })}
          data={[
            { value: '0', label: words.chooseChannel },
            ...channels.map(({ id: value, name }) => ({ value: String(value), label: name })),
          ]}
        />
        <TextInput
          type="datetime-local"
          label={words.schedule}
          description={words.scheduleHint}
          value={toLocalInput(fields.publish_at)}
          onChange={event => change({ publish_at: fromLocalInput(event.currentTarget.value) })}
        />
      </div>
      <CoverField cover={fields.cover} onChange={changeCover => change(before => ({ cover: changeCover(before.cover) }))} />
      {problem && <Alert color="red">{problem}</Alert>}
      {refused && (
        <Alert color="yellow" role="alert">
          {words.changedElsewhere}{' '}
          <Button variant="default" size="compact-sm" onClick={() => void save(refused, true)}>
            {words.saveAnyway}
          </Button>
        </Alert>
      )}
      {similar.length > 0 && (
        <Alert color="yellow" title={words.similar}>
          <ul>
            {similar.map(other => (
              <li key={other.id} {...textAttributes(other.title)}>
                {other.title}
              </li>
            ))}
          </ul>
        </Alert>
      )}
      <div className="save-bar">
        <AutosaveStatus {...autosave} />
        {id && (
          <Button variant="subtle" color="gray" onClick={() => setShowsRevisions(true)}>
            {words.revisions}
          </Button>
        )}
        <Button variant="default" disabled={isSaving} onClick={() => void save('draft')}>
          {words.saveDraft}
        </Button>
        <Button disabled={isSaving} onClick={() => void save('submit')}>
          {words.submit}
        </Button>
      </div>
      {showsRevisions && id && <RevisionList articleId={id} onRestore={replace} onClose={() => setShowsRevisions(false)} />}
    </form>
  )
}
