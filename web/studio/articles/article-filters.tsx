import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { channelsQuery } from '../api/queries.ts'
import { words } from '../words.ts'
import { STATUS_NAMES } from './status-badge.tsx'

const TYPING_MS = 400 // after the last letter of a title: one request for a word, not one for each letter

export interface FiltersProps {
  search: URLSearchParams
  /** An empty value removes the filter. */
  onChange: (values: Record<string, string>) => void
}

export function ArticleFilters({ search, onChange }: FiltersProps) {
  const { data: channels = [] } = useQuery(channelsQuery)
  const valueOf = (name: string) => search.get(name) ?? ''
  const [title, setTitle] = useState(valueOf('q'))
  useEffect(() => {
    if (title.trim() === valueOf('q')) return
    const timer = setTimeout(() => onChange({ q: title.trim() }), TYPING_MS)
    return () => clearTimeout(timer)
  })
  return (
    <form className="filters" role="search" onSubmit={event => event.preventDefault()}>
      <TextInput
        type="search"
        dir="auto"
        label={words.titleContains}
        value={title}
        onChange={event => setTitle(event.currentTarget.value)}
      />
      <NativeSelect
        label={words.status}
        value={valueOf('status')}
        onChange={event => onChange({ status: event.currentTarget.value })}
        data={[{ value: '', label: words.allStatuses }, ...STATUS_NAMES.map((label, status) => ({ value: String(status), label }))]}
      />
      <NativeSelect
        label={words.channel}
        value={valueOf('channel_id')}
        onChange={event => onChange({ channel_id: event.currentTarget.value })}
        data={[{ value: '', label: words.allChannels }, ...channels.map(({ id, name }) => ({ value: String(id), label: name }))]}
      />
      <TextInput
        type="date"
        label={words.from}
        value={valueOf('begin_pubdate')}
        max={valueOf('end_pubdate') || undefined}
        onChange={event => onChange({ begin_pubdate: event.currentTarget.value })}
      />
      <TextInput
        type="date"
        label={words.until}
        value={valueOf('end_pubdate')}
        min={valueOf('begin_pubdate') || undefined}
        onChange={event => onChange({ end_pubdate: event.currentTarget.value })}
      />
    </form>
  )
}
