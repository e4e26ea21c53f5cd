// A screen's content once it is loaded; until then a spinner, or what failed.

import { Button, Loader } from '@mantine/core'
import type { UseQueryResult } from '@tanstack/react-query'
import type { ReactNode } from 'react'
import { Failure } from '../failure.tsx'
import { sharedWords as words } from '../words.ts'

export function Loaded<Data>({ query, children }: { query: UseQueryResult<Data>; children: (data: Data) => ReactNode }) {
  if (query.data !== undefined) return children(query.data)
  if (!query.isError) return <Loader role="status" className="loading" aria-label={words.loading} />
  return (
    <Failure hint={words.loadFailedHint}>
      <Button onClick={() => void query.refetch()}>{words.retry}</Button>
    </Failure>
  )
}
