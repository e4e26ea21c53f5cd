// Saves the article: as a draft, or submitted for review.

import { useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useLocation } from 'wouter'
import { callApi } from '../../shared/api/client.ts'
import { showNotice } from '../../shared/notice.tsx'
import type { SavedArticle } from '../api/types.ts'
import { words } from '../words.ts'
import { type ArticleDraft, coverForApi, lengthOf, TITLE_MIN } from './article-draft.ts'
import type { Autosave } from './autosave.ts'
import { useIsMounted } from './use-is-mounted.ts'

export interface SaveNeeds {
  id: string | undefined
  read: () => ArticleDraft
  autosave: Pick<Autosave, 'stop' | 'resume' | 'changed'>
  onSaved: () => void
}

export function useSave({ id, read, autosave, onSaved }: SaveNeeds) {
  const [, navigate] = useLocation()
  const client = useQueryClient()
  const isMounted = useIsMounted()
  const [isSaving, setIsSaving] = useState(false)
  const [similar, setSimilar] = useState<SavedArticle['similar']>([])
  const [problem, setProblem] = useState<string>()

  async function save(kind: 'draft' | 'submit'): Promise<void> {
    const missing = problemOf(read())
    setProblem(missing)
    if (missing) return
    setIsSaving(true)
    try {
      await autosave.stop()
      const draft = read()
      const body = { ...draft, cover: coverForApi(draft.cover) }
      const request = { method: id ? 'PUT' : 'POST', body }
      const query = `draft=${kind === 'draft'}`
      const saved = await callApi<SavedArticle>(id ? `mp/articles/${id}?${query}` : `mp/articles?${query}&autosaved=true`, request)
      void client.invalidateQueries({ queryKey: ['articles'] })
      void client.invalidateQueries({ queryKey: ['revisions'] })
      onSaved()
      setSimilar(saved.similar)
      const changedMeanwhile = autosave.resume(saved.id)
      if (kind === 'draft') showNotice(words.draftSaved)
      else showNotice(changedMeanwhile ? words.submittedBefore : words.submitted)
      if (!isMounted()) return
      if (kind === 'submit' && saved.similar.length === 0 && !changedMeanwhile) navigate('/')
      // Not a navigation: the editor keeps its text and its cursor.
      else if (!id) history.replaceState(history.state, '', `/studio/write/${saved.id}`)
    } catch (err) {
      setProblem((err as Error).message)
      autosave.resume(id)
      autosave.changed()
    } finally {
      setIsSaving(false)
    }
  }

  return { save, isSaving, similar, problem }
}

/** What the server would refuse, in the creator's language. */
function problemOf({ title, channel_id, cover }: ArticleDraft): string | undefined {
  if (lengthOf(title) < TITLE_MIN) return `${words.title}: ${words.titleLength(lengthOf(title))}`
  if (channel_id === 0) return words.chooseChannel
  if (cover.type > 0 && coverForApi(cover).images.length < cover.type) return words.pictureMissing(cover.type)
  return undefined
}
