// Saves the article: as a draft, or submitted for review.

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { showNotice } from '../../shared/notice.tsx'
import type { SavedArticle } from '../api/types.ts'
import { refusalOf } from '../refusal.ts'
import { type ArticleDraft, coverForApi, lengthOf, TITLE_MIN } from './article-draft.ts'
import type { Autosave } from './autosave.ts'
import { editorWords as words } from './editor-words.ts'
import { useIsMounted } from './use-is-mounted.ts'

const CONFLICT = 409
type Kind = 'draft' | 'submit'

export interface SaveNeeds {
  id: string | undefined
  /** Where the text is kept until it is saved. */
  autosaveKey: string
  read: () => ArticleDraft
  autosave: Pick<Autosave, 'stop' | 'resume' | 'changed'>
  onSaved: (version: string) => void
}

export function useSave({ id, autosaveKey, read, autosave, onSaved }: SaveNeeds) {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  const isMounted = useIsMounted()
  const [isSaving, setIsSaving] = useState(false)
  const [similar, setSimilar] = useState<SavedArticle['similar']>([])
  const [problem, setProblem] = useState<string>()
  /** What was not saved because the article has changed elsewhere. */
  const [refused, setRefused] = useState<Kind>()

  /** `overwrites`: also if the article has changed elsewhere since it was opened. */
  async function save(kind: Kind, overwrites = false): Promise<void> {
    const missing = problemOf(read())
    setProblem(missing)
    setRefused(undefined)
    if (missing) return
    setIsSaving(true)
    try {
      await autosave.stop()
      const { version = '', ...draft } = read()
      const body = { ...draft, cover: coverForApi(draft.cover) }
      const query = new URLSearchParams({ draft: String(kind === 'draft') })
      if (!id) query.set('autosave', autosaveKey)
      else if (!overwrites && version) query.set('version', version)
      const path = id ? `mp/articles/${id}` : 'mp/articles'
      const saved = await callApi<SavedArticle>(`${path}?${query}`, { method: id ? 'PUT' : 'POST', body })
      void client.invalidateQueries({ queryKey: ['articles'] })
      void client.invalidateQueries({ queryKey: ['revisions'] })
      onSaved(saved.version)
      setSimilar(saved.similar)
      const changedMeanwhile = autosave.resume(saved.id)
      if (kind === 'draft') showNotice(words.draftSaved)
      else showNotice(changedMeanwhile ? words.submittedBefore : words.submitted)
      if (!isMounted()) return
      if (kind === 'submit' && saved.similar.length === 0 && !changedMeanwhile) navigate('/')
      // Not a navigation: the editor keeps its text and its cursor.
      else if (!id) history.replaceState(history.state, '', `/studio/write/${saved.id}`)
    } catch (err) {
      if (err instanceof ApiError && err.status === CONFLICT) setRefused(kind)
      else setProblem(refusalOf(err))
      autosave.resume(id ?? autosaveKey)
      autosave.changed()
    } finally {
      setIsSaving(false)
    }
  }

  return { save, isSaving, similar, problem, refused }
}

/** What the server would refuse, in the creator's language. */
function problemOf({ title, channel_id, cover }: ArticleDraft): string | undefined {
  if (lengthOf(title) < TITLE_MIN) return `${words.title}: ${words.titleLength(lengthOf(title))}`
  if (channel_id === 0) return words.chooseChannel
  if (cover.type > 0 && coverForApi(cover).images.length < cover.type) return words.pictureMissing(cover.type)
  return undefined
}
