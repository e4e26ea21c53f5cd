import { NativeSelect } from '@mantine/core'
import { useState } from 'react'
import { SearchField } from '../../shared/frame/search-field.tsx'
import { callApi } from '../api/client.ts'
import { useAction, useData } from '../api/hooks.ts'
import type { AdminList, Article, Channel } from '../api/types.ts'
import { FormDialog } from '../parts/form-dialog.tsx'
import { siteWords as words } from './site-words.ts'

const PUBLISHED = 2

export function PinDialog({ channels, onClose }: { channels: Channel[]; onClose: () => void }) {
  const [channel, setChannel] = useState('0')
  const [title, setTitle] = useState('')
  const [chosen, setChosen] = useState('')
  const found = useData<AdminList<'articles', Article>>(
    `mis/articles?status_list=${PUBLISHED}&order_by=-id&per_page=20&title=${encodeURIComponent(title)}`,
    { keepsPrevious: true },
  )
  const articles = found.data?.articles ?? []
  const article = articles.some(({ article_id }) => article_id === chosen) ? chosen : ''
  const pin = useAction(
    () => callApi(`admin/pinned/${channel}/${article}`, { method: 'PUT' }),
    () => words.pinned,
  )
  return (
    <FormDialog
      title={words.pin}
      submit={words.pinHere}
      isBusy={pin.isPending}
      onSubmit={() => article && pin.mutate(undefined, { onSuccess: onClose })}
      onClose={onClose}
    >
      <NativeSelect
        label={words.channel}
        value={channel}
        data={[{ value: '0', label: words.recommended }, ...channels.map(({ channel_id, name }) => ({ value: channel_id, label: name }))]}
        onChange={event => setChannel(event.currentTarget.value)}
      />
      <SearchField label={words.findArticle} value={title} onChange={setTitle} />
      <NativeSelect
        label={words.article}
        required
        value={article}
        data={[
          { value: '', label: words.chooseArticle },
          ...articles.map(each => ({ value: each.article_id, label: `${each.title} · ${each.name}` })),
        ]}
        onChange={event => setChosen(event.currentTarget.value)}
      />
    </FormDialog>
  )
}
