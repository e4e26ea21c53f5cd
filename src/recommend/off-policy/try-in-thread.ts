import { MINUTE } from '../../base/clock.ts'
import { conflict, unavailable } from '../../base/problem.ts'
import type { PolicyDocument } from '../policy/policy-schema.ts'
import { runInThread } from '../run-in-thread.ts'
import type { TriedPolicy } from './own-log.ts'
import type { TryData } from './try.worker.ts'

/** Ten seconds on an idle core. */
const TIMEOUT_MS = MINUTE

/** One at a time in a process: each has the memory of 30,000 pages. */
export function createPolicyTrial(databaseUrl: string, timeoutMs = TIMEOUT_MS) {
  let isTrying = false
  return async (document: PolicyDocument): Promise<TriedPolicy> => {
    if (isTrying) throw conflict('another policy is being tried; wait until it is done')
    isTrying = true
    try {
      const data: TryData = { databaseUrl, document }
      return await runInThread<TriedPolicy>(new URL('./try.worker.ts', import.meta.url), data, AbortSignal.timeout(timeoutMs))
    } catch (err) {
      if ((err as Error).name === 'AbortError')
        throw unavailable('the policy could not be tried in a minute; try it again, or by the command line')
      throw err
    } finally {
      isTrying = false
    }
  }
}
