// The API for readers.

import { createAuthorizedApi } from './authorized-api.ts'
import { deviceHeader, readerTokens, requestSignIn } from './session.ts'

export { ApiError } from './request.ts'

export const { callApi, downloadFile } = createAuthorizedApi({
  tokens: readerTokens,
  renewalPath: 'authorizations',
  guest: deviceHeader,
  onEnded: () => requestSignIn(),
})
