import { ApiError } from '../../shared/api/request.ts'
import { callApi } from '../api/client.ts'
import { queueWords as words } from './queue-words.ts'

const CONFLICT = 409

/**
 * Rejects with a sentence in the language of the interface if another editor was quicker. `findQuicker` says who, and what they
 * decided; undefined if it was the author who changed it, or it cannot be known.
 */
export async function sendDecision<Data>(
  path: string,
  body: object,
  findQuicker: (err: ApiError) => Promise<[who: string, decision: string] | undefined>,
): Promise<Data> {
  try {
    return await callApi<Data>(path, { method: 'PUT', body })
  } catch (err) {
    if (!(err instanceof ApiError) || err.status !== CONFLICT) throw err
    const quicker = await findQuicker(err)
    throw new Error(quicker ? words.quicker(...quicker) : words.decidedMeanwhile, { cause: err })
  }
}
