import { ApiError } from '../../shared/api/request.ts'
import { callApi } from '../api/client.ts'
import { queueWords as words } from './queue-words.ts'

const CONFLICT = 409

/** Rejects with a sentence in the language of the interface if another editor was quicker. */
export async function sendDecision(path: string, body: object): Promise<void> {
  try {
    await callApi(path, { method: 'PUT', body })
  } catch (err) {
    throw err instanceof ApiError && err.status === CONFLICT ? new Error(words.decidedMeanwhile) : err
  }
}
