import { NativeSelect, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { SearchField } from '../../shared/frame/search-field.tsx'
import { channelsQuery } from '../api/queries.ts'
import { words } from '../words.ts'
import { STATUS_NAMES } from './status-badge.tsx'

export interface FiltersProps {
  search: URLSearchParams
  /** An empty value removes the filter. */
  onChange: (values: Record<string, string>) => void
}

export function ArticleFilters({ search, onChange }: FiltersProps) {
  const { data: channels = [] } = useQuery(channelsQuery)
  const valueOf = (name: string) => search.get(name) ?? ''
  return (
    <form className="filters" role="search" onSubmit={event => event.preventDefault()}>
      <SearchField label={words.titleContains} value={valueOf('q')} onChange={q => onChange({ q })} />
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
