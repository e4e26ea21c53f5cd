// Before anything is typed: a reader's last searches, what many search for, and the channels.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { IconButton } from '../../shared/icon-button.tsx'
import { textAttributes } from '../../shared/language.ts'
import { showNotice } from '../../shared/notice.tsx'
import { Link } from '../../shared/router.tsx'
import { RECOMMENDED } from '../api/channel-names.ts'
import { channelsQuery } from '../api/queries.ts'
import { historiesQuery, hotQuery } from './search-queries.ts'
import { searchWords as words } from './search-words.ts'

export function SearchStart({ viewer, onSearch }: { viewer: string; onSearch(query: string): void }) {
  const client = useQueryClient()
  const { data: histories = [] } = useQuery(historiesQuery(viewer))
  const { data: hot = [] } = useQuery(hotQuery)
  const { data: all = [] } = useQuery(channelsQuery(viewer))
  const channels = all.filter(({ id }) => id !== RECOMMENDED)

  async function forget(keyword?: string): Promise<void> {
    try {
      await callApi(`search/histories${keyword === undefined ? '' : `?q=${encodeURIComponent(keyword)}`}`, { method: 'DELETE' })
      await client.invalidateQueries({ queryKey: historiesQuery(viewer).queryKey })
    } catch {
      showNotice(words.loadFailed)
    }
  }

  return (
    <>
      {histories.length > 0 && (
        <section aria-labelledby="histories">
          <h2 id="histories">{words.histories}</h2>
          <button type="button" onClick={() => void forget()}>
            {words.forgetAll}
          </button>
          <ul>
            {histories.map(keyword => (
              <li key={keyword}>
                <button type="button" dir="auto" onClick={() => onSearch(keyword)}>
                  {keyword}
                </button>
                <IconButton icon="close" size={14} label={words.forget(keyword)} onClick={() => void forget(keyword)} />
              </li>
            ))}
          </ul>
        </section>
      )}
      {hot.length > 0 && (
        <section aria-labelledby="hot">
          <h2 id="hot">{words.hot}</h2>
          <ol>
            {hot.map(({ query, trend }) => (
              <li key={query}>
                <button type="button" dir="auto" onClick={() => onSearch(query)}>
                  {query}
                </button>
                <small data-trend={trend}>{words.trends[trend]}</small>
              </li>
            ))}
          </ol>
        </section>
      )}
      {channels.length > 0 && (
        <section aria-labelledby="channels">
          <h2 id="channels">{words.channels}</h2>
          <p className="beside">
            {channels.map(({ id, name }) => (
              <Link key={id} href={`/c/${id}`} {...textAttributes(name)}>
                {name}
              </Link>
            ))}
          </p>
        </section>
      )}
      <p>
        <Link className="button" href="/assistant">
          {words.askAssistant}
        </Link>
      </p>
    </>
  )
}
