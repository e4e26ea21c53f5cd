// Starts an app that is made of Mantine's components.

import { MantineProvider } from '@mantine/core'
import { QueryClient, QueryClientProvider } from '@tanstack/react-query'
import type { ComponentType } from 'react'
import { createRoot } from 'react-dom/client'
import { ApiError } from '../api/request.ts'
import { LANGUAGE } from '../language.ts'
import { useTheme } from '../theme.ts'

const shouldRetry = (failures: number, err: Error) => failures < 2 && !(err instanceof ApiError && err.status < 500)

export function startApp(App: ComponentType, title: string): void {
  document.documentElement.lang = LANGUAGE
  document.title = title
  const client = new QueryClient({ defaultOptions: { queries: { retry: shouldRetry, refetchOnWindowFocus: false } } })

  /** Mantine writes no style element: the content security policy forbids them. Its variables stand in styles/theme.css. */
  function Root() {
    const theme = useTheme()
    return (
      <MantineProvider defaultColorScheme={theme} forceColorScheme={theme} withCssVariables={false} withGlobalClasses={false}>
        <QueryClientProvider client={client}>
          <App />
        </QueryClientProvider>
      </MantineProvider>
    )
  }
  createRoot(document.getElementById('app') as HTMLElement).render(<Root />)
}
