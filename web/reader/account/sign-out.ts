import { useQueryClient } from '@tanstack/react-query'
import { callApi } from '../../shared/api/client.ts'
import { storeTokens, useViewer } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { words } from '../words.ts'

/** Forgets the reader in this browser. The server has ended their session. */
export function useForgetReader() {
  const client = useQueryClient()
  const viewer = useViewer()
  return (notice: string) => {
    storeTokens(undefined)
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === viewer })
    showNotice(notice)
  }
}

/** Ends this session. It works offline, too: the tokens are gone from this browser, and end by themselves. */
export function useSignOut() {
  const forget = useForgetReader()
  return () => {
    void callApi('me/sessions/current', { generation: 'v1', method: 'DELETE' }).catch(() => {})
    forget(words.signedOut)
  }
}
