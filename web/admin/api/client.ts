// The API for administrators, who have tokens of their own beside a reader's.

import { useSyncExternalStore } from 'react'
import { createAuthorizedApi } from '../../shared/api/authorized-api.ts'
import type { ApiRequest } from '../../shared/api/request.ts'
import { claimOf, createTokenStore, type TokenPair } from '../../shared/api/token-store.ts'

export const adminTokens = createTokenStore<TokenPair>('admin')

const api = createAuthorizedApi({ tokens: adminTokens, renewalPath: 'mis/authorizations', guest: () => undefined })

/** `mis/…` is the contract's, `admin/…` ours; in both, ids are text. */
const generationOf = (path: string) => (path.startsWith('admin/') ? 'v1' : 'v1_0')

export const callApi = <Data>(path: string, request: ApiRequest = {}): Promise<Data> =>
  api.callApi(path, { generation: generationOf(path), ...request })

export const downloadFile = (path: string): Promise<Blob> => api.downloadFile(path, { generation: generationOf(path) })

/** The id of the administrator who is signed in. */
export function useSignedIn(): string | undefined {
  return useSyncExternalStore(adminTokens.subscribe, () => {
    const tokens = adminTokens.get()
    return tokens && claimOf(tokens.token, 'administrator_id')
  })
}
