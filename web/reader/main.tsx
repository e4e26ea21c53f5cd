import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { persistQueries } from '../shared/api/query-persistence.ts'
import { LANGUAGE } from '../shared/language.ts'
import { placeEarly, shouldRetry } from './api/queries.ts'
import { App } from './app.tsx'
import { watchInstallPrompt } from './offline/install.ts'

document.documentElement.lang = LANGUAGE
const client = new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false } } })
persistQueries(client)
placeEarly(client)
watchInstallPrompt()

createRoot(document.getElementById('app') as HTMLElement).render(
  <QueryClientProvider client={client}>
    <App />
  </QueryClientProvider>,
)
