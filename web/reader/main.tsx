import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { LANGUAGE } from '../shared/words.ts'
import { keepQueries } from './api/keep.ts'
import { retryUnlessRefused } from './api/queries.ts'
import { App } from './app.tsx'

document.documentElement.lang = LANGUAGE
const client = new QueryClient({ defaultOptions: { queries: { retry: retryUnlessRefused, refetchOnWindowFocus: false } } })
keepQueries(client)

createRoot(document.getElementById('app') as HTMLElement).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
)
