import { Button, Group } from '@mantine/core'
import { useState } from 'react'
import { useConfirm } from '../../shared/frame/confirm.tsx'
import { useCan } from '../administrator.tsx'
import { useAction } from '../api/hooks.ts'
import type { Word } from '../api/types.ts'
import { ListPages, useAdminList } from '../parts/admin-list.tsx'
import { DataTable } from '../parts/data-table.tsx'
import { Filters, TextFilter } from '../parts/filters.tsx'
import { RowButton } from '../parts/row-button.tsx'
import { When } from '../parts/when.tsx'
import { ImportDialog } from './import-dialog.tsx'
import { changeWords } from './refusal.ts'
import { WordDialog } from './word-dialog.tsx'
import { listWords as words } from './words-words.ts'

export function WordList() {
  const can = useCan()
  const query = useAdminList<'words', Word>('mis/sensitive_words', { order_by: '-id' })
  const [edited, setEdited] = useState<Word | 'new'>()
  const [isImporting, setImporting] = useState(false)
  const [confirmation, confirm] = useConfirm()
  const remove = useAction(
    ({ id }: Word) => changeWords(`/${id}`, 'DELETE'),
    () => words.removed,
  )
  return (
    <>
      <Filters>
        <TextFilter name="word" label={words.word} />
        {can('sensitive-word-list-post') && (
          <Group align="end">
            <Button onClick={() => setEdited('new')}>{words.addWord}</Button>
            <Button variant="default" onClick={() => setImporting(true)}>
              {words.importWords}
            </Button>
          </Group>
        )}
      </Filters>
      <ListPages query={query} name="words">
        {(items, isBusy) => (
          <DataTable
            label={words.screens.words}
            items={items}
            keyOf={({ id }) => id}
            isBusy={isBusy}
            columns={[
              { name: words.word, cell: ({ word }) => word, isHead: true },
              {
                name: words.action,
                cell: ({ action, by_sound }) => `${words.actionNames[action]}${by_sound ? ` · ${words.bySound}` : ''}`,
              },
              { name: words.held, cell: ({ hold_count }) => hold_count, isNumber: true },
              { name: words.changed, cell: ({ update_time }) => <When at={update_time} /> },
              (can('sensitive-word-put') || can('sensitive-word-delete')) && {
                name: words.actions,
                cell: word => (
                  <div className="actions">
                    {can('sensitive-word-put') && (
                      <RowButton of={word.word} onClick={() => setEdited(word)}>
                        {words.edit}
                      </RowButton>
                    )}
                    {can('sensitive-word-delete') && (
                      <RowButton of={word.word} onClick={() => confirm(words.remove(word.word), () => remove.mutate(word))}>
                        {words.delete}
                      </RowButton>
                    )}
                  </div>
                ),
              },
            ]}
          />
        )}
      </ListPages>
      {edited && <WordDialog word={edited === 'new' ? undefined : edited} onClose={() => setEdited(undefined)} />}
      {isImporting && <ImportDialog onClose={() => setImporting(false)} />}
      {confirmation}
    </>
  )
}
