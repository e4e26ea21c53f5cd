// /openapi.json against the product, by schemathesis: it generates requests for every operation, valid and invalid, and compares
// each answer with the documentation. Takes minutes, so it runs where SCHEMATHESIS names its program (pip install schemathesis).

import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { cleanup } from '../support/cleanup.ts'
import { type Product, startProduct } from '../support/product.ts'

const PROGRAM = process.env.SCHEMATHESIS
const skip = PROGRAM ? false : 'SCHEMATHESIS names no program (pip install schemathesis)'
const ADMIN = { account: 'admin', password: 'a long passphrase of words' }
/** Besides the boundary values of each schema, which are many more. */
const RANDOM_EXAMPLES = process.env.SCHEMATHESIS_EXAMPLES ?? '10'

/** In a query, an empty value counts as missing, which a generator of invalid values does not know. */
const HOOKS = `
import schemathesis

@schemathesis.hook
def filter_query(context, query):
    return not query or "" not in query.values()
`

let product: Product
let folder: string

before(async () => {
  if (!PROGRAM) return
  product = await startProduct({ env: { ADMIN_ACCOUNT: ADMIN.account, ADMIN_PASSWORD: ADMIN.password } })
  const channel = await product.createChannel('科技')
  await product.publish(Array.from({ length: 5 }, () => ({ channel })))
  folder = await mkdtemp(join(tmpdir(), 'broadsheet-schemathesis-'))
  cleanup(() => rm(folder, { recursive: true, force: true }))
  await writeFile(join(folder, 'hooks.py'), HOOKS)
  await writeFile(join(folder, 'schemathesis.toml'), await settings())
})

/** A body or a header that is too long is a refusal, too. */
const REFUSED = '["400", "401", "403", "404", "405", "406", "409", "413", "415", "429", "431"]'

/**
 * Rules refuse some requests that match the schema, such as one for an article that does not exist. Where a path is a value of
 * another's parameter as well (`/chats/unread`, `/chats/{reader}`), the other one's methods are answered there.
 */
async function settings(): Promise<string> {
  const { paths } = (await product.request('GET', '/openapi.json')).body as { paths: Record<string, Record<string, any>> }
  const templates = Object.keys(paths).filter(path => path.includes('{'))
  const isValue = (path: string) => templates.some(each => new RegExp(`^${each.replace(/\{[^}]+\}/g, '[^/{]+')}$`).test(path))
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({ path, name: `${method.toUpperCase()} ${path}`, responses })),
  )
  const ruled = operations.filter(({ responses }) => responses[400].$ref.endsWith('rule')).map(({ name }) => name)
  assert.ok(ruled.length > 20 && ruled.length < operations.length / 2)
  const shared = operations.filter(({ path }) => !path.includes('{') && isValue(path)).map(({ name }) => name)
  return `[checks]
negative_data_rejection.expected-statuses = ${REFUSED}

[[operations]]
include-name = ${JSON.stringify(ruled)}
checks.positive_data_acceptance.expected-statuses = ["2xx", "3xx", 400, 401, 403, 404, 409, 429, "5xx"]

[[operations]]
include-name = ${JSON.stringify(shared)}
checks.unsupported_method.enabled = false
`
}

/** Returns what it reports if something does not conform. */
async function findings(paths: RegExp, token: string): Promise<string | undefined> {
  const args = ['--config-file', join(folder, 'schemathesis.toml'), 'run', `${product.url}/openapi.json`, '--no-color', '--warnings', 'off']
  const limits = ['--include-path-regex', paths.source, '--phases', 'examples,coverage,fuzzing', '-n', RANDOM_EXAMPLES]
  const child = spawn(PROGRAM as string, [...args, ...limits, '-H', `Authorization: Bearer ${token}`], {
    cwd: folder,
    env: { ...process.env, SCHEMATHESIS_HOOKS: 'hooks', PYTHONPATH: folder },
  })
  let report = ''
  child.stdout.on('data', piece => (report += piece))
  child.stderr.on('data', piece => (report += piece))
  const code = await new Promise(done => child.on('close', done))
  return code === 0 ? undefined : report
}

async function signInAdministrator(): Promise<string> {
  const { body } = await product.request('POST', '/mis/v1_0/authorizations', ADMIN)
  return body.data.token
}

const SURFACES: [string, RegExp, () => Promise<string>][] = [
  ['later clients', /^\/v1_0\/(?!m(p|is)\/)/, async () => (await product.signIn('alice')).token],
  ['first clients', /^\/(app\/v1_0|app\/v1_1|v1_1)\//, async () => (await product.signIn('alice')).token],
  ['the studio', /^\/(mp\/|v1_0\/mp\/)/, async () => (await product.signInToStudio('carol')).token],
  ['our own clients', /^\/(v1\/(?!admin\/|me\b)|files\/|\.well-known\/)/, async () => (await product.signIn('alice')).token],
  ['administrators', /^\/(mis|v1_0\/mis|v1\/admin)\//, signInAdministrator],
  // Last: it signs its reader out.
  ['accounts', /^\/v1\/me\b/, async () => (await product.signIn('bob')).token],
]
for (const [name, paths, signIn] of SURFACES)
  test(`the answers to ${name} are those that the documentation promises`, { skip }, async () => {
    const report = await findings(paths, await signIn())
    assert.equal(report, undefined, report)
  })
