import { Button, Textarea, TextInput } from '@mantine/core'
import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { Pages } from '../../shared/frame/pages.tsx'
import { Loaded } from '../../shared/frame/query-state.tsx'
import { useFilters } from '../../shared/frame/use-filters.ts'
import { textAttributes } from '../../shared/language.ts'
import { useCan } from '../administrator.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { Announcements } from '../api/types.ts'
import { DataTable } from '../parts/data-table.tsx'
import { FormDialog } from '../parts/form-dialog.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { When } from '../parts/when.tsx'
import { siteWords as words } from './site-words.ts'

export function AnnouncementsScreen() {
  const can = useCan()
  const [search, change] = useFilters()
  const query = useData<Announcements>(`admin/announcements?page=${search.get('page') ?? 1}&per_page=20`, { keepsPrevious: true })
  const [isWriting, setWriting] = useState(false)
  const [confirmation, confirm] = useConfirm()
  const remove = useAction(
    (id: string) => callApi(`admin/announcements/${id}`, { method: 'DELETE' }),
    () => words.deleted,
  )
  return (
    <>
      <div className="head">
        <h1>{words.screens.announcements}</h1>
        {can('announcement-list-post') && <Button onClick={() => setWriting(true)}>{words.addAnnouncement}</Button>}
      </div>
      <Loaded query={query}>
        {page => (
          <>
            <DataTable
              label={words.screens.announcements}
              items={page.results}
              keyOf={({ id }) => id}
              columns={[
                {
                  name: words.title,
                  isHead: true,
                  cell: ({ id, title }) => (
                    <a href={`/announcements/${id}`} target="_blank" rel="noreferrer" {...textAttributes(title)}>
                      {title}
                    </a>
                  ),
                },
                { name: words.publishedAt, cell: ({ pubdate }) => <When at={pubdate} /> },
                can('announcement-list-delete') && {
                  name: words.actions,
                  cell: ({ id, title }) => (
                    <RowButton of={title} onClick={() => confirm(words.deleteAnnouncement(title), () => remove.mutate(id))}>
                      {words.delete}
                    </RowButton>
                  ),
                },
              ]}
            />
            <Pages of={page} onChange={number => change({ page: String(number) })} />
          </>
        )}
      </Loaded>
      {isWriting && <AnnouncementDialog onClose={() => setWriting(false)} />}
      {confirmation}
    </>
  )
}

function AnnouncementDialog({ onClose }: { onClose: () => void }) {
  const [title, setTitle] = useState('')
  const [text, setText] = useState('')
  const publish = useAction(
    () => callApi('admin/announcements', { method: 'POST', body: { title, content: toHtml(text) } }),
    () => words.published,
  )
  return (
    <FormDialog
      title={words.addAnnouncement}
      submit={words.publish}
      isBusy={publish.isPending}
      onSubmit={() => publish.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <TextInput
        label={words.title}
        dir="auto"
        required
        autoFocus
        maxLength={100}
        value={title}
        onChange={event => setTitle(event.currentTarget.value)}
      />
      <Textarea
        label={words.content}
        description={words.contentHint}
        dir="auto"
        required
        rows={8}
        value={text}
        onChange={event => setText(event.currentTarget.value)}
      />
    </FormDialog>
  )
}

/** Paragraphs as HTML; what looks like a tag stays text. */
function toHtml(text: string): string {
  const escaped = text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
  return escaped
    .split(/\n\s*\n/)
    .filter(part => part.trim())
    .map(part => `<p>${part.trim().replaceAll('\n', '<br>')}</p>`)
    .join('')
}
