// What everyone is answered by every operation on something that alice has, as caller-matrix.txt says. When all others have
// tried, what is alice's is as it was. Administrators' operations are in permission-matrix.test.ts.

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { ADMIN_PASSWORD, OFFICE_ENV } from '../support/office.ts'
import { groupGenerations, listOperations, type Operation, targetOf } from '../support/operations.ts'
import { readPrivileges } from '../support/privileges.ts'
import { type Person, startProduct } from '../support/product.ts'
import { bodyFor, createOwner, createThings, readThings, SECRETS, type Things, valuesFor } from '../support/things-of-alice.ts'

const FILE = join(import.meta.dirname, 'caller-matrix.txt')
const RENEW = 'CALLER_MATRIX=write npm test -- test/rules/caller-matrix.test.ts'
/** Alice is last: until then nothing of hers may have changed. */
const CALLERS = ['anonymous', 'frozen', 'reader', 'creator', 'admin', 'alice'] as const
type Caller = (typeof CALLERS)[number]
const HEADER = `# What each caller is answered by an operation on something of alice, who is a verified creator, and at last what she is answered.
# If a change is meant: ${RENEW}
${''.padEnd(52)}${CALLERS.map(caller => caller.padEnd(10)).join('')}
`

const FORM = 'takes a form, journeys/files.test.ts'
const RENEWAL = 'takes a refresh token, journeys/sessions.test.ts'
/** What alice herself is refused, and where it is tested instead. All else she can do, so a refusal of others is about them. */
const REFUSED_TO_ALICE: Record<string, string> = {
  'PATCH /app/v1_0/user/photo': FORM,
  'PATCH /mp/v1_0/user/photo': FORM,
  'POST /app/v1_0/upload': FORM,
  'POST /mp/v1_0/user/images': FORM,
  'POST /v1_0/mp/user/images': FORM,
  'PUT /app/v1_0/authorizations': RENEWAL,
  'PUT /mp/v1_0/authorizations': RENEWAL,
  'POST /mp/v1_0/authorizations': 'takes the number of a verified creator, journeys/sign-in.test.ts',
  'POST /v1/behaviours:import': 'is for administrators, permission-matrix.test.ts',
}

const isOffice = ({ path }: Operation) => /^\/(mis|v1_0\/mis|v1\/admin)\//.test(path)
/** Ends one session or all others, changes the number, ends the account: sent last, in this order, each with a new session. */
const ENDINGS = [/ \/v1\/me\/sessions\/\{/, / \/v1\/me\/(?!sessions\/\{)/, /PUT \/v1\/me\/mobile/, /DELETE \/v1\/me$/]
const nameOf = ({ method, path }: Operation) => `${method} ${path}`
const endingOf = (operation: Operation) => ENDINGS.findLastIndex(pattern => pattern.test(nameOf(operation)))
/** Names nothing of alice's. */
const isListing = ({ method, path }: Operation) => method === 'GET' && !path.includes('{')
const canSignIn = (caller: Caller): caller is 'reader' | 'creator' | 'alice' =>
  caller === 'reader' || caller === 'creator' || caller === 'alice'

test('every operation answers every caller as caller-matrix.txt says, and nobody touches what is not theirs', async t => {
  const product = await startProduct({ env: OFFICE_ENV, alwaysEmbedded: true })
  const channel = await product.createChannel('科技')
  const alice = await product.signInToStudio('alice')
  const people: Record<Exclude<Caller, 'anonymous' | 'admin'>, Person> = {
    frozen: await product.signIn('mallory'),
    reader: await product.signIn('bob'),
    creator: await product.signInToStudio('carol'),
    alice,
  }
  await product.db.updateTable('reader').set({ frozen: true }).where('id', '=', people.frozen.id).execute()
  const signedIn = await product.request('POST', '/mis/v1_0/authorizations', { account: 'editor', password: ADMIN_PASSWORD })
  const tokens: Record<Caller, string | undefined> = {
    anonymous: undefined,
    admin: signedIn.body.data.token,
    frozen: people.frozen.token,
    reader: people.reader.token,
    creator: people.creator.token,
    alice: alice.token,
  }
  const operations = groupGenerations(await listOperations(product)).map(([first]) => first as Operation)
  const owner = await createOwner(product, alice, channel)
  const plain = await createThings(product.db, { path: '' }, owner)
  const others = operations.filter(one => !isOffice(one)).toSorted((one, other) => endingOf(one) - endingOf(other))
  const rows: { operation: Operation; things: Things; statuses: number[] }[] = []
  for (const operation of others) {
    const things = isListing(operation) ? plain : await createThings(product.db, operation, owner)
    rows.push({ operation, things, statuses: [] })
  }
  const [told, refused]: [string[], string[]] = [[], []]
  let n = 13_900_000_000
  async function call({ operation, things, statuses }: (typeof rows)[number], caller: Caller): Promise<void> {
    const name = nameOf(operation)
    const values = valuesFor(operation, things, n++)
    const body = bodyFor(operation, things, n) ?? (operation.body && { ...operation.body, ...pick(values, Object.keys(operation.body)) })
    const token = endingOf(operation) >= 0 && canSignIn(caller) ? (await product.signIn(people[caller].name)).token : tokens[caller]
    const headers: Record<string, string> = { trace: 'of another recommender', ...(token && { authorization: `Bearer ${token}` }) }
    const { status, text } = await product.request(operation.method, targetOf(operation, values), body, { headers })
    statuses.push(status)
    if (caller !== 'alice' && SECRETS.some(secret => text.includes(secret))) told.push(`${name} tells ${caller}`)
    if (caller === 'alice' && status >= 400) {
      refused.push(name)
      if (!(name in REFUSED_TO_ALICE)) t.diagnostic(`${name}: ${text.slice(0, 200)}`)
    }
  }

  const readOwn = async () => {
    const parts = await readThings(
      product.db,
      rows.map(({ things }) => things),
    )
    return { ...(await readPrivileges(product, alice, [alice])), parts }
  }
  const before = await readOwn()
  for (const row of rows) for (const caller of CALLERS) if (caller !== 'alice') await call(row, caller)
  assert.deepEqual(await readOwn(), before, 'a caller touched what is not theirs')
  for (const row of rows) await call(row, 'alice')

  const lines = rows.map(({ operation: { method, path }, statuses }) =>
    `${method.padEnd(7)}${path.padEnd(45)}${statuses.map(status => String(status).padEnd(10)).join('')}`.trimEnd(),
  )
  t.diagnostic(`${lines.length} operations, ${lines.length * CALLERS.length} cells`)
  assert.deepEqual(told, [])
  const text = `${HEADER}${lines.toSorted().join('\n')}\n`
  assert.deepEqual(refused.toSorted(), Object.keys(REFUSED_TO_ALICE).toSorted())
  if (process.env.CALLER_MATRIX === 'write') await writeFile(FILE, text)
  assert.equal(text, await readFile(FILE, 'utf8'), `Answers have changed. If that is meant: ${RENEW}`)
})

const pick = (from: Record<string, string>, names: string[]) =>
  Object.fromEntries(names.flatMap(name => (name in from ? [[name, from[name]]] : [])))
