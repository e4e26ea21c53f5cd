import { useQueryClient } from '@tanstack/react-query'
import { endSession } from '../../shared/account/end-session.ts'
import { storeTokens, useViewer } from '../../shared/api/session.ts'
import { showNotice } from '../../shared/notice.tsx'
import { forgetReading } from '../article/reading-store.ts'
import { forgetOutbox } from '../chat/outbox-store.ts'
import { forgetHidden } from '../feed/hidden.ts'
import { forgetAllArticles } from '../offline/kept-articles.ts'
import { words } from '../words.ts'

/** Forgets the reader in this browser. The server has ended their session. */
export function useForgetReader() {
  const client = useQueryClient()
  const viewer = useViewer()
  return (notice: string) => {
    storeTokens(undefined)
    forgetOutbox()
    forgetHidden()
    forgetReading()
    void forgetAllArticles().catch(() => {})
    client.removeQueries({ predicate: ({ queryKey }) => queryKey[1] === viewer })
    showNotice(notice)
  }
}

export function useSignOut() {
  const forget = useForgetReader()
  return () => {
    endSession()
    forget(words.signedOut)
  }
}
