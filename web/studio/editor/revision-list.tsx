import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { Sheet } from '../../shared/frame/confirm.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { formatAgeOf } from '../../shared/time.ts'
import type { Revision } from '../api/types.ts'
import { StatusBadge } from '../articles/status-badge.tsx'
import { refusalOf } from '../refusal.ts'
import type { ArticleDraft } from './article-draft.ts'
import { editorWords as words } from './editor-words.ts'

/** A version has no time of publication. */
type StoredVersion = Omit<ArticleDraft, 'publish_at'>

export interface RevisionListProps {
  articleId: string
  onRestore: (version: StoredVersion) => void
  onClose: () => void
}

export function RevisionList({ articleId, onRestore, onClose }: RevisionListProps) {
  const path = `studio/articles/${articleId}/revisions`
  const revisions = useQuery({
    queryKey: ['revisions', articleId],
    queryFn: ({ signal }) => callApi<{ results: Revision[] }>(path, { generation: 'v1', signal }).then(({ results }) => results),
    gcTime: 0,
  })
  const restore = async (number: number) => {
    try {
      const { title, content, cover, channel_id } = await callApi<StoredVersion>(`${path}/${number}`, { generation: 'v1' })
      onRestore({ title, content, cover, channel_id })
      showNotice(words.revisionRestored(number))
      onClose()
    } catch (err) {
      showNotice(refusalOf(err))
    }
  }
  return (
    <Sheet label={words.revisions} onClose={onClose}>
      <h2>{words.revisions}</h2>
      <Loaded query={revisions}>
        {list => (
          <ol className="revisions">
            {list.map(({ number, title, status, saved_at }) => (
              <li key={number}>
                <div>
                  <strong {...textAttributes(title)}>{title}</strong>
                  <p>
                    {words.revision(number)} · {formatAgeOf(Date.parse(saved_at))} · <StatusBadge status={status} />
                  </p>
                </div>
                <Button
                  variant="default"
                  size="compact-sm"
                  onClick={() => void restore(number)}
                  aria-label={`${words.restore}: ${words.revision(number)}`}
                >
                  {words.restore}
                </Button>
              </li>
            ))}
          </ol>
        )}
      </Loaded>
      <Button variant="default" onClick={onClose}>
        {words.close}
      </Button>
    </Sheet>
  )
}
