// Loads an article and what was saved automatically of it, then opens the form. The latter wins: it is newer than the last save,
// which deletes it.

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { Failure } from '../../shared/failure.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import type { EditableArticle } from '../api/types.ts'
import { words } from '../words.ts'
import { draftOf, draftOfAutosave, EMPTY_DRAFT } from './article-draft.ts'
import { EditorForm } from './editor-form.tsx'

interface StoredAutosave {
  content: object
  saved_at: string
}

export function EditorScreen({ id }: { id: string | undefined }) {
  // A new article gets its id while it stands in the editor; that loads nothing.
  const [opened] = useState(id)
  const [loads, setLoads] = useState(0)
  const loading = useQuery({
    queryKey: ['editor', opened ?? 'new', loads],
    queryFn: ({ signal }) => load(opened, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Loaded query={loading}>
      {({ article, autosave }) => {
        if (!article) return <Failure title={words.noSuchArticle} />
        const stored = opened ? draftOf(article) : EMPTY_DRAFT
        return (
          <EditorForm
            key={loads}
            id={id}
            article={article}
            initial={autosave ? draftOfAutosave(autosave.content) : stored}
            restoredAt={autosave?.saved_at}
            onDiscarded={() => setLoads(loads + 1)}
          />
        )
      }}
    </Loaded>
  )
}

async function load(id: string | undefined, signal: AbortSignal) {
  const [article, autosave] = await Promise.all([
    id ? callApi<EditableArticle>(`mp/articles/${id}`, { signal }) : ({} as EditableArticle),
    callApi<StoredAutosave>(`studio/autosaves/${id ?? 'new'}`, { generation: 'v1', signal }).catch((err: unknown) => {
      if (err instanceof ApiError && err.status === 404) return undefined
      throw err
    }),
  ])
  return { article: id && !article.id ? undefined : article, autosave }
}
