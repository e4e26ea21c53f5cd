import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { keepQueries } from '../shared/api/query-persistence.ts'
import { retryUnlessRefused } from './api/queries.ts'
import { App } from './app.tsx'
import { LANGUAGE } from './words.ts'

document.documentElement.lang = LANGUAGE
const client = new QueryClient({ defaultOptions: { queries: { retry: retryUnlessRefused, refetchOnWindowFocus: false } } })
keepQueries(client)

createRoot(document.getElementById('app') as HTMLElement).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
)
