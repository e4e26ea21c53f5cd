import { readFile, stat } from 'node:fs/promises'
import { invalid, notFound } from '../base/problem.ts'
import { POLICY_BYTES_MAX } from '../recommend/contract.ts'
import { parsePolicy } from '../recommend/policy/check-policy.ts'
import type { PolicyDocument } from '../recommend/policy/policy-schema.ts'

export async function readPolicyFile(file: string): Promise<PolicyDocument> {
  const found = await stat(file).catch(() => undefined)
  if (!found?.isFile()) throw notFound(`there is no file ${file}`)
  if (found.size > POLICY_BYTES_MAX) throw invalid(`${file} has ${found.size} bytes; a policy has at most ${POLICY_BYTES_MAX}`)
  return parsePolicy(await readFile(file, 'utf8'))
}
