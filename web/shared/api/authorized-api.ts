// Requests with a token. After a 401 the access token is renewed, once for all requests that wait for it, and the request is sent
// again. If the server refuses the renewal, the session is over.

import { showNotice } from '../notice.tsx'
import { sharedWords } from '../words.ts'
import { ApiError, type ApiRequest, sendForData, sendRequest } from './request.ts'
import type { TokenPair, TokenStore } from './token-store.ts'

interface Needs<Tokens extends TokenPair> {
  tokens: TokenStore<Tokens>
  /** Of `/v1_0`. */
  renewalPath: string
  /** The header of a viewer who is not signed in. */
  guest: () => string | undefined
  /** Called when a session has ended by itself. */
  onEnded?: () => void
}

export function createAuthorizedApi<Tokens extends TokenPair>({ tokens, renewalPath, guest, onEnded }: Needs<Tokens>) {
  let renewal: Promise<string> | undefined

  async function withValidToken<Result>(
    { asGuest }: ApiRequest,
    work: (authorization: string | undefined) => Promise<Result>,
  ): Promise<Result> {
    const current = asGuest ? undefined : tokens.get()
    try {
      return await work(current ? `Bearer ${current.token}` : guest())
    } catch (err) {
      if (!current || !(err instanceof ApiError) || err.status !== 401) throw err
      return work(`Bearer ${await renew(current)}`)
    }
  }

  /** Resolves to a new access token of the session that was used. Concurrent calls share one request. */
  function renew(used: Tokens): Promise<string> {
    renewal ??= requestToken(used).finally(() => {
      renewal = undefined
    })
    return renewal
  }

  async function requestToken(used: Tokens): Promise<string> {
    const known = findCurrent(used)
    if (known && known.token !== used.token) return known.token // another request or tab has renewed it
    try {
      const { token } = await sendForData<{ token: string }>(renewalPath, { method: 'PUT' }, `Bearer ${used.refresh_token}`)
      const current = findCurrent(used)
      if (current) tokens.set({ ...current, token })
      return token
    } catch (err) {
      if (!(err instanceof ApiError) || err.status !== 403) throw err
      if (findCurrent(used)) endSession()
      throw new ApiError(err.status, sharedWords.signInAgain) // what was being done says the same, not what the server says of the token
    }
  }

  /** Undefined if its reader has signed out meanwhile, or another one has signed in. */
  function findCurrent({ refresh_token }: Tokens): Tokens | undefined {
    const current = tokens.get()
    return current?.refresh_token === refresh_token ? current : undefined
  }

  function endSession(): void {
    tokens.set(undefined)
    showNotice(sharedWords.signInAgain)
    onEnded?.()
  }

  return {
    /** Resolves to the `data` of the answer. Rejects with an ApiError for any status but 2xx. */
    callApi<Data>(path: string, request: ApiRequest = {}): Promise<Data> {
      return withValidToken(request, authorization => sendForData<Data>(path, request, authorization))
    },

    /** Resolves to the whole answer, to be saved as a file. */
    downloadFile(path: string, request: ApiRequest = {}): Promise<Blob> {
      return withValidToken(request, async authorization => (await sendRequest(path, request, authorization)).blob())
    },
  }
}
