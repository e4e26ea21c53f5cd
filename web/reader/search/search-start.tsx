// Before anything is typed: a reader's last searches, and what many search for.

import { useQuery, useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { IconButton } from '../../shared/icon-button.tsx'
import { showNotice } from '../../shared/notice.tsx'
import { Link } from '../../shared/router.tsx'
import { historiesQuery, hotQuery } from './search-queries.ts'
import { searchWords as words } from './search-words.ts'

export function SearchStart({ viewer, onSearch }: { viewer: string; onSearch(query: string): void }) {
  const client = useQueryClient()
  const { data: histories = [] } = useQuery(historiesQuery(viewer))
  const { data: hot = [] } = useQuery(hotQuery)

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
      <p>
        <Link className="button" href="/assistant">
          {words.askAssistant}
        </Link>
      </p>
    </>
  )
}
