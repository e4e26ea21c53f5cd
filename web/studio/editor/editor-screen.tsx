// Loads an article and what was saved automatically of it, then opens the form. The latter wins unless the article was changed
// elsewhere since: then the form shows the article, and offers the other.

import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { ApiError, callApi } from '../../shared/api/client.ts'
import { currentViewer } from '../../shared/api/session.ts'
import { Failure } from '../../shared/failure.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import type { EditableArticle } from '../api/types.ts'
import { draftOf, draftOfAutosave, EMPTY_DRAFT } from './article-draft.ts'
import { awaitLeftEditor } from './autosave.ts'
import { EditorForm } from './editor-form.tsx'
import { editorWords as words } from './editor-words.ts'
import { useNewDraftKey } from './new-draft-key.ts'

interface StoredAutosave {
  content: object
  saved_at: string
}

export function EditorScreen({ id }: { id: string | undefined }) {
  // A new article gets its id while it stands in the editor; that loads nothing.
  const [opened] = useState(id)
  return opened ? <OpenedEditor id={id} opened={opened} autosaveKey={opened} /> : <NewEditor id={id} />
}

function NewEditor({ id }: { id: string | undefined }) {
  const key = useNewDraftKey(currentViewer())
  return key ? <OpenedEditor id={id} opened={undefined} autosaveKey={key} /> : null
}

interface OpenedEditorProps {
  id: string | undefined
  /** The id that the screen was opened with. */
  opened: string | undefined
  autosaveKey: string
}

let openedEditors = 0

function OpenedEditor({ id, opened, autosaveKey }: OpenedEditorProps) {
  // Each opening loads for itself: what the last one loaded is still there for a moment after it was left, and is of before the changes.
  const [opening] = useState(() => ++openedEditors)
  const [loads, setLoads] = useState(0)
  const loading = useQuery({
    queryKey: ['editor', opening, autosaveKey, loads],
    queryFn: ({ signal }) => load(opened, autosaveKey, signal),
    gcTime: 0,
    staleTime: Number.POSITIVE_INFINITY,
  })
  return (
    <Loaded query={loading}>
      {({ article, autosave }) => {
        if (!article) return <Failure title={words.noSuchArticle} />
        const stored = opened ? draftOf(article) : EMPTY_DRAFT
        const kept = autosave && draftOfAutosave(autosave.content)
        const isOutdated = kept?.version !== undefined && kept.version !== stored.version
        return (
          <EditorForm
            key={loads}
            id={id}
            autosaveKey={id ?? autosaveKey}
            article={article}
            initial={kept && !isOutdated ? kept : stored}
            restoredAt={isOutdated ? undefined : autosave?.saved_at}
            outdated={kept && isOutdated ? { draft: kept, savedAt: autosave.saved_at } : undefined}
            onDiscarded={() => setLoads(loads + 1)}
          />
        )
      }}
    </Loaded>
  )
}

async function load(id: string | undefined, autosaveKey: string, signal: AbortSignal) {
  await awaitLeftEditor()
  const [article, autosave] = await Promise.all([
    id ? callApi<EditableArticle>(`mp/articles/${id}`, { signal }) : ({} as EditableArticle),
    callApi<StoredAutosave>(`studio/autosaves/${autosaveKey}`, { generation: 'v1', signal }).catch((err: unknown) => {
      if (err instanceof ApiError && err.status === 404) return undefined
      throw err
    }),
  ])
  return { article: id && !article.id ? undefined : article, autosave }
}
