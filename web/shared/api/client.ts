// The API for readers.

import { createAuthorizedApi } from './authorized-api.ts'
import { deviceId, readerTokens, requestSignIn } from './session.ts'

export { ApiError } from './request.ts'

export const { callApi, downloadFile } = createAuthorizedApi({
  tokens: readerTokens,
  renewalPath: 'authorizations',
  guest: () => `Anony ${deviceId()}`,
  onEnded: () => requestSignIn(),
})
