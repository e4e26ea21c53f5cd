import { useQuery } from '@tanstack/react-query'
import { channelsQuery } from '../api/queries.ts'
import type { Asked } from './search-queries.ts'
import { searchWords as words } from './search-words.ts'

const DAYS = ['1', '7', '30', '365'] as const

export function Filters({ viewer, asked, onAsk }: { viewer: string; asked: Asked; onAsk(next: Asked): void }) {
  const { data: channels = [] } = useQuery(channelsQuery(viewer))
  const choose = (name: Exclude<keyof Asked, 'q'>, label: string, options: (readonly [string, string])[]) => (
    <label>
      <span className="visually-hidden">{label}</span>
      <select value={asked[name] ?? ''} onChange={event => onAsk({ ...asked, [name]: event.target.value || undefined })}>
        {options.map(([value, text]) => (
          <option key={value} value={value}>
            {text}
          </option>
        ))}
      </select>
    </label>
  )
  const topics = channels.filter(channel => channel.id !== 0).map(channel => [String(channel.id), channel.name] as const)
  return (
    <fieldset className="filters">
      <legend className="visually-hidden">{words.filters}</legend>
      {choose('sort', words.sort, [
        ['', words.byRelevance],
        ['time', words.byTime],
      ])}
      {choose('days', words.when, [['', words.anyTime], ...DAYS.map(days => [days, words.withinDays(days)] as const)])}
      {choose('channel_id', words.channels, [['', words.anyChannel], ...topics])}
      {choose('cover', words.pictures, [
        ['', words.withOrWithout],
        ['true', words.withPictures],
        ['false', words.withoutPictures],
      ])}
    </fieldset>
  )
}
