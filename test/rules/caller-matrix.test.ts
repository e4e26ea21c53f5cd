// What everyone is answered by every operation on something that alice has, as caller-matrix.txt says. When all others have
// tried, what is alice's is as it was. Administrators' operations are in permission-matrix.test.ts.

import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { ArticleId } from '../../src/base/id.ts'
import { ADMIN_PASSWORD, OFFICE_ENV } from '../support/office.ts'
import { groupGenerations, listOperations, type Operation, targetOf } from '../support/operations.ts'
import { readPrivileges } from '../support/privileges.ts'
import { type Person, type Product, startProduct } from '../support/product.ts'
import { createRowWriter } from '../support/product-rows.ts'

const FILE = join(import.meta.dirname, 'caller-matrix.txt')
const RENEW = 'CALLER_MATRIX=write npm test -- test/rules/caller-matrix.test.ts'
/** Alice is last: until then nothing of hers may have changed. */
const CALLERS = ['anonymous', 'frozen', 'reader', 'creator', 'admin', 'alice'] as const
type Caller = (typeof CALLERS)[number]
const HEADER = `# What each caller is answered by an operation on something of alice, who is a verified creator. Files need a form, so
# operations that take one refuse everyone here who may send them. If a change is meant: ${RENEW}
${''.padEnd(52)}${CALLERS.map(caller => caller.padEnd(10)).join('')}
`

const isOffice = ({ path }: Operation) => /^\/(mis|v1_0\/mis|v1\/admin)\//.test(path)
/** Ends sessions or the account, or changes the number: sent last, each with a new session. */
const endsSession = ({ path }: Operation) => /^\/v1\/me($|\/)/.test(path)
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
  let things = await createThings(product, alice, channel)
  const lines: string[] = []
  const touched: string[] = []
  let mobile = 13_900_000_000
  const others = operations.filter(one => !isOffice(one)).toSorted((one, other) => Number(endsSession(one)) - Number(endsSession(other)))
  for (const operation of others) {
    const isGuarded = takesAnId(operation)
    if (isGuarded) things = await createThings(product, alice, channel)
    const readOwn = async () => (isGuarded ? JSON.stringify(await readPrivileges(product, alice, [alice]), asText) : '')
    const before = await readOwn()
    const statuses: string[] = []
    for (const caller of CALLERS) {
      if (caller === 'alice' && (await readOwn()) !== before) touched.push(`${operation.method} ${operation.path}`)
      const ids = { ...idsOf(operation, things), mobile: String(mobile++) }
      const own = endsSession(operation) && canSignIn(caller) ? (await product.signIn(people[caller].name)).token : tokens[caller]
      const body = operation.body && { ...operation.body, ...pick(ids, Object.keys(operation.body)) }
      const headers: Record<string, string> = own === undefined ? {} : { authorization: `Bearer ${own}` }
      statuses.push(String((await product.request(operation.method, targetOf(operation, ids), body, { headers })).status))
    }
    lines.push(`${operation.method.padEnd(7)}${operation.path.padEnd(45)}${statuses.map(status => status.padEnd(10)).join('')}`.trimEnd())
  }
  t.diagnostic(`${lines.length} operations, ${lines.length * CALLERS.length} cells`)
  assert.deepEqual(touched, [])
  const text = `${HEADER}${lines.toSorted().join('\n')}\n`
  if (process.env.CALLER_MATRIX === 'write') await writeFile(FILE, text)
  assert.equal(text, await readFile(FILE, 'utf8'), `Answers have changed. If that is meant: ${RENEW}`)
})

const asText = (_key: string, value: unknown) => (typeof value === 'bigint' ? value.toString() : value)
const pick = (from: Record<string, string>, names: string[]) =>
  Object.fromEntries(names.flatMap(name => (name in from ? [[name, from[name]]] : [])))

interface Things {
  article: string
  comment: string
  session: string
  reader: string
  channel: string
}

const TAKES_AN_ID = ['id', 'target', 'article', 'article_id', 'art_id', 'number']
const takesAnId = ({ method, inPath, query, body }: Operation) =>
  method !== 'GET' && TAKES_AN_ID.some(name => name in { ...inPath, ...query, ...body })

/** New for each operation that changes one, so that none finds what another has removed. */
async function createThings({ db }: Product, alice: Person, channel: number): Promise<Things> {
  const [article] = (await createRowWriter(db).insertArticles([{ channel: channel as never, author: alice.id }])) as [ArticleId]
  const comment = { id: (article + 1n) as never, article_id: article, author_id: alice.id, content: 'of alice' }
  await db.insertInto('comment').values(comment).execute()
  const session = { id: article as never, reader_id: alice.id, surface: 'app', expires_at: new Date(Date.now() + 3_600_000) }
  await db.insertInto('session').values(session).execute()
  const [id, second] = [String(article), String(article + 1n)]
  return { article: id, comment: second, session: id, reader: String(alice.id), channel: String(channel) }
}

/** What an id in a path or a body means. */
function idsOf({ path }: Operation, things: Things): Record<string, string> {
  const kinds: [RegExp, keyof Things][] = [
    [/sessions/, 'session'],
    [/^(?!.*mp\/v1_0\/comments$).*comment/, 'comment'],
    [/channels/, 'channel'],
    [/user|follow|blacklist|mutes/, 'reader'],
  ]
  const kind = kinds.find(([pattern]) => pattern.test(path))?.[1] ?? 'article'
  const { article, channel, reader } = things
  const named = { article, article_id: article, art_id: article, source: article, channel_id: channel, aut_id: reader }
  return { id: things[kind], target: things[kind], ...named }
}
