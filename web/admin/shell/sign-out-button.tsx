import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { showNotice } from '../../shared/notice.tsx'
import { adminTokens, callApi } from '../api/client.ts'
import { words } from '../words.ts'

export function SignOutButton() {
  const client = useQueryClient()
  const signOut = () => {
    // The request takes its token before that is forgotten. Offline nothing is lost: a session that is not used ends by itself.
    void callApi('admin/me/sessions/current', { method: 'DELETE' }).catch(() => {})
    adminTokens.set(undefined)
    client.clear()
    showNotice(words.signedOut)
  }
  return (
    <Button variant="subtle" color="gray" size="compact-sm" onClick={signOut}>
      {words.signOut}
    </Button>
  )
}
