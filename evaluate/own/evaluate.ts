// `npm run evaluate -- own [--as FILE] [--json]`: what a policy would have been worth on this installation's own pages, as
// `cli policy try` says it; without a file the policy that is live.

import { resolve } from 'node:path'
import { openInfrastructure } from '../../src/app/infrastructure.ts'
import { createLog } from '../../src/base/log.ts'
import { readPolicyFile } from '../../src/cli/policy-file.ts'
import { describeTried } from '../../src/cli/policy-values.ts'
import { readConfig } from '../../src/config.ts'
import { stringify } from '../../src/http/json.ts'
import { tryPolicy } from '../../src/recommend/off-policy/own-log.ts'
import { findLivePolicy } from '../../src/recommend/policy/policies.sql.ts'

/** Exit codes as those of the command line: 3 if the log does not say. */
export async function evaluateOwn({ file, json, env }: { file?: string; json: boolean; env: NodeJS.ProcessEnv }): Promise<number> {
  const given = file === undefined ? undefined : await readPolicyFile(resolve(env.INIT_CWD ?? process.cwd(), file))
  const infrastructure = await openInfrastructure(readConfig(env), 'cli', createLog('warn'))
  try {
    const { db } = infrastructure.database
    const tried = await tryPolicy(db, given ?? (await findLivePolicy(db))?.document ?? {})
    process.stdout.write(json ? `${stringify(tried)}\n` : describeTried(tried))
    return tried.refused === undefined ? 0 : 3
  } finally {
    await infrastructure.close()
  }
}
