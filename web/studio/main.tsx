import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../shared/api/client.ts'
import { LANGUAGE } from '../shared/language.ts'
import { useTheme } from '../shared/theme.ts'
import { App } from './app.tsx'
import { words } from './words.ts'

document.documentElement.lang = LANGUAGE
document.title = words.studioTitle
const shouldRetry = (failures: number, err: Error) => failures < 2 && !(err instanceof ApiError && err.status < 500)
const client = new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false } } })

/** Mantine writes no style element: the content security policy forbids them. Its variables stand in styles/theme.css. */
function Studio() {
  const theme = useTheme()
  return (
    <MantineProvider defaultColorScheme={theme} forceColorScheme={theme} withCssVariables={false} withGlobalClasses={false}>
      <QueryClientProvider client={client}>
        <App />
      </QueryClientProvider>
    </MantineProvider>
  )
}

createRoot(document.getElementById('app') as HTMLElement).render(<Studio />)
