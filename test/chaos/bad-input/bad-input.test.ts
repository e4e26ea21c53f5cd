// Sends bad input to every documented operation. Each answer must come at once, have a form clients understand and say what
// is wrong, and nothing may be logged as a server error. `smoke` sends each value to each name and some more, `full` all to all.

import assert from 'node:assert/strict'
import { before, test } from 'node:test'
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { pino } from 'pino'
import { SIZE } from '../../support/chaos-size.ts'
import { groupGenerations, listOperations, type Operation, sendAll, targetOf } from '../../support/operations.ts'
import { type Person, type Product, startProduct } from '../../support/product.ts'
import { PATIENCE_MS, withDeadline } from '../../support/waiting.ts'

const { every, large } = { smoke: { every: 50, large: 1 }, full: { every: 1, large: 20 } }[SIZE]

let product: Product
let alice: Person
let operations: Operation[]
const faults: string[] = []
let heapBefore: number

function heapUsed(): number {
  setFlagsFromString('--expose-gc')
  runInNewContext('gc')()
  return process.memoryUsage().heapUsed
}

before(async () => {
  const log = pino({ level: 'error' }, { write: line => void faults.push(line) })
  product = await startProduct({ log })
  await product.publish([{ channel: await product.createChannel('科技') }])
  alice = await product.signIn('alice')
  operations = await listOperations(product)
  assert.ok(operations.length > 40)
  heapBefore = heapUsed()
})

/** Phrases of validators and parsers, which users would not understand. */
const RAW =
  /must NOT|must (?:be|have) (?:string|array|object|number|integer|boolean|required|one of)\b|must match|in JSON|Unexpected|undefined|FST_/
/** What the documentation promises. An odd value in a path may make it another path. */
const isPromised = ({ statuses, inPath }: Operation, status: number) =>
  statuses.has(status) || ([404, 405].includes(status) && Object.keys(inPath).length > 0)
let slowestMs = 0

async function assertGoodAnswer(operation: Operation, path: string, headers: Record<string, string> = {}, body?: string): Promise<void> {
  const { method } = operation
  const description = `${method} ${path.slice(0, 120)} ${JSON.stringify(headers).slice(0, 80)} ${body?.slice(0, 80)}`
  const began = performance.now()
  // A blocked server would not answer for minutes.
  const { answer, text } = await withDeadline(3 * PATIENCE_MS, async signal => {
    const answer = await fetch(product.url + path, {
      method,
      headers: { authorization: `Bearer ${alice.token}`, ...headers },
      body,
      signal,
    })
    return { answer, text: await answer.text() }
  })
  slowestMs = Math.max(slowestMs, performance.now() - began)
  assert.ok(isPromised(operation, answer.status), `${description} → ${answer.status} ${text}`)
  if (answer.status === 204) {
    assert.equal(text, '', description)
    return
  }
  assert.equal(answer.headers.get('content-type'), 'application/json; charset=utf-8', description)
  const { message } = JSON.parse(text)
  assert.ok(typeof message === 'string' && message.length > 0 && message.length < 200, `${description} → ${text}`)
  assert.equal(message === 'OK', answer.ok, description)
  assert.doesNotMatch(message, RAW, description)
}

// biome-ignore format: a list
const ODD = [
  '', 'abc', '-1', '0', `1${'0'.repeat(30)}`, '1.5', '1e3', '0x10', '9223372036854775808', 'x'.repeat(10_000), '9'.repeat(10_000), '%EF%BC%97', '%00', '1%00',
  '1_0', '%201%20', '1%0a',
  '%221%22', '%22', '%22%22', 'true', 'null', 'undefined', 'NaN', '[]', '%7B%7D', "'%20or%201=1--", '%F0%9F%98%80', '%ff', '%E0%A4%A',
  '%', '..%2f..', '1&', '%2b1',
]

/** Takes each value of each name once, and one of `every` of those that come again, because operations share their validators. */
function createSample(): (name: string, value: string) => boolean {
  const known = new Set<string>()
  let again = 0
  return (name, value) => {
    const { size } = known
    return known.add(`${name} ${value}`).size > size || again++ % every === 0
  }
}

/** All generations share their rules, so they take the values in turns. */
const inTurns = () => groupGenerations(operations).map(same => (turn: number) => same[turn % same.length] as Operation)

test('no value of any parameter of any operation makes the server fail', async () => {
  let turn = 0
  const isChosen = createSample()
  const requests = inTurns().flatMap(of => {
    const { inPath, query, body: good } = of(0)
    const body = good && JSON.stringify(good)
    const headers: Record<string, string> = body ? { 'content-type': 'application/json' } : {}
    return Object.keys({ ...inPath, ...query }).flatMap(name => {
      const odd = ODD.filter(value => isChosen(name, value)).map(value => (one: Operation) => targetOf(one, { [name]: value }))
      const missing = ['x=', `${name}[]=`].map(other => (one: Operation) => targetOf(one).replace(`${name}=`, other))
      const added = [`&${name}=1`, `&__proto__=1&${name}[__proto__]=1&constructor=1`, '&a=1'.repeat(2_000)].map(
        more => (one: Operation) => targetOf(one) + more,
      )
      const search = name in query && isChosen(name, '') ? [...missing, ...added] : []
      return [...odd, ...search].map(path => {
        const one = of(turn++)
        return () => assertGoodAnswer(one, path(one), headers, body)
      })
    })
  })
  await sendAll(requests)
})

const nested = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth)
// biome-ignore format: a list
const VALUES = [
  'null', '-1', '0', '1e30', '1e999', `1${'0'.repeat(30)}`, '1.5', '""', '"abc"', '"\\u0000"', '"\\ud800"', '"７"', '" 1 "', '"1_0"',
  '"\\"1\\""', 'true', '[]', '{}', '[[]]', '[null]', '[{}]', `"${'x'.repeat(10_000)}"`, `[${Array(300).fill('{"id":1}').join()}]`,
  '{"__proto__":{"admin":true}}', '{"constructor":{"prototype":{"x":1}}}', nested('[', ']', 500),
]

test('no value of any field of any body makes the server fail', async () => {
  let turn = 0
  const isChosen = createSample()
  const requests = inTurns().flatMap(of =>
    Object.keys(of(0).body ?? {}).flatMap(name =>
      VALUES.filter(value => isChosen(name, value)).map(value => {
        const operation = of(turn++)
        const { [name]: _, ...rest } = operation.body ?? {}
        const body = `${JSON.stringify(rest).slice(0, -1)}${Object.keys(rest).length > 0 ? ',' : ''}${JSON.stringify(name)}:${value}}`
        return () => assertGoodAnswer(operation, targetOf(operation), { 'content-type': 'application/json' }, body)
      }),
    ),
  )
  await sendAll(requests)
})

// biome-ignore format: a list
const BODIES = [
  '', ' ', '\u0000', 'abc', '{', '{"a":', '{"a":1}}', '[]', '[1]', 'null', '1', '"x"', 'true', '\ufeff{}', "{'a':1}", '{"a":1,}', 'NaN',
  '{"a":"\\x"}', nested('[', ']', 100_000), '['.repeat(100_000), nested('{"a":', '}', 100_000).replace(/:}/, ':1}'), '{"__proto__":1}',
  '{"a":{"__proto__":{"x":1}}}', '{"constructor":{"prototype":{"x":1}}}', `{"a":${'9'.repeat(100_000)}}`,
  `{"a":"${'x'.repeat(1024 * 1024 - 7)}"}`, `"${'x'.repeat(1024 * 1024)}"`,
]
// biome-ignore format: a list
const TYPES = [
  'text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'multipart/form-data; boundary=x',
  'application/json; charset=utf-8', 'application/json;', 'application/JSON', 'application/json\t; a=b', ' application/json',
  'application/json, application/json', 'application/json/x', 'application/jsonx', 'application', ';', '"', '*/*', 'x'.repeat(5_000),
]
/** Operations with a body, each once: the other generations share the body parser. */
const writing = () => operations.filter(({ method, path }) => method !== 'GET' && !/^\/(app\/v1_1|v1_0|v1_1)\//.test(path))

test('a malformed body is refused, and hidden keys in a body have no effect', async () => {
  const isChosen = createSample()
  await sendAll(
    writing().flatMap(one =>
      BODIES.filter(body => isChosen('body', body)).map(
        body => () => assertGoodAnswer(one, targetOf(one), { 'content-type': 'application/json' }, body),
      ),
    ),
  )
  assert.equal(({} as any).x, undefined)
  assert.equal(({} as any).admin, undefined)
})

test('a body of any content type is answered', async () => {
  const isChosen = createSample()
  await sendAll(
    writing().flatMap(one =>
      TYPES.filter(type => isChosen('type', type)).map(
        type => () => assertGoodAnswer(one, targetOf(one), { 'content-type': type }, JSON.stringify(one.body ?? {})),
      ),
    ),
  )
  const untyped = (one: Operation) =>
    fetch(product.url + targetOf(one), { method: one.method, body: new Blob([JSON.stringify(one.body ?? {})]) })
  for (const one of writing()) assert.ok(isPromised(one, (await untyped(one)).status), one.path)
})

test('a body larger than the limit is refused, and the client receives the refusal', async () => {
  for (let i = 0; i < large; i++) {
    const answer = await fetch(`${product.url}/app/v1_0/authorizations`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `"${'x'.repeat(8 * 1024 * 1024)}"`,
    })
    assert.equal(answer.status, 413)
  }
})

test('after all bad input there was no server error and no memory leak, and readers read on', async t => {
  t.diagnostic(`the slowest of sixteen at a time took ${Math.round(slowestMs)} ms`)
  assert.deepEqual(faults, [])
  const grown = heapUsed() - heapBefore
  assert.ok(grown < 100 * 1024 * 1024, `${grown} bytes`)
  // Among the operations above is one that ends every session of alice.
  const carol = await product.signIn('carol')
  const { results } = (await carol.get('/app/v1_1/articles?channel_id=0&timestamp=1&with_top=0')).body.data
  assert.equal(results.length, 1)
  assert.equal((await product.request('GET', '/readyz')).body.status, 'up')
})
