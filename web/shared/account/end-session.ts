import { callApi } from '../api/client.ts'

/** Ends this session on the server. Offline nothing is lost: a session that is not used ends by itself. */
export const endSession = (): void => void callApi('me/sessions/current', { generation: 'v1', method: 'DELETE' }).catch(() => {})
