import { Button } from '@mantine/core'
import { useQueryClient } from '@tanstack/react-query'
import { showNotice } from '../../shared/notice.tsx'
import { adminTokens } from '../api/client.ts'
import { words } from '../words.ts'

export function SignOutButton() {
  const client = useQueryClient()
  const signOut = () => {
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
