// Malformed HTTP, and unusual HTTP that browsers and proxies send, over bare sockets.

import assert from 'node:assert/strict'
import { connect } from 'node:net'
import { before, test } from 'node:test'
import fc from 'fast-check'
import { pino } from 'pino'
import { type Product, startProduct } from '../support/product.ts'

let product: Product
let slow: Promise<{ text: string; ms: number }>[]
const faults: string[] = []

before(async () => {
  product = await startProduct({ log: pino({ level: 'error' }, { write: line => void faults.push(line) }) })
  await product.createChannel('科技')
  // These requests take ten seconds; the slow-client test below awaits them.
  slow = [`${POST}Content-Length: 100\r\n\r\n{"mobile":`, 'GET /healthz HTTP/1.1\r\nHost: x\r\nAccep'].map(text => sendRaw(text, 60_000))
})

const POST = 'POST /app/v1_0/authorizations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

/** Sends `text`; returns what comes back until the server closes the connection or is idle for `idleMs`. */
function sendRaw(text: string, idleMs = 30_000): Promise<{ text: string; ms: number }> {
  const began = performance.now()
  return new Promise(done => {
    let got = ''
    const socket = connect(Number(new URL(product.url).port), '127.0.0.1')
    const end = () => {
      socket.destroy()
      done({ text: got, ms: performance.now() - began })
    }
    socket
      .on('data', data => (got += data))
      .on('close', end)
      .on('error', end)
      .setTimeout(idleMs, end)
    socket.write(text)
  })
}

function assertRefused(text: string, status: number, description: string) {
  assert.match(text, new RegExp(`^HTTP/1\\.1 ${status} `), description)
  const [head, body] = text.split('\r\n\r\n') as [string, string]
  assert.match(head, /content-type: application\/json; charset=utf-8/i, description)
  assert.equal(typeof JSON.parse(body).message, 'string', description)
}

test('bytes that are no HTTP get a text answer, and the connection ends', async () => {
  // biome-ignore format: a list
  const broken = [
    'hello\r\n\r\n', '\x16\x03\x01\x02\x00\x01', 'GET / HTTP/9.9\r\n\r\n', 'get / HTTP/1.1\r\n\r\n',
    'GET / HTTP/1.1\r\nHost : x\r\n\r\n', 'GET / HTTP/1.1\r\nHost: x\r\nA\x00: b\r\n\r\n', 'GET ?x HTTP/1.1\r\nHost: x\r\n\r\n',
    'BREW / HTTP/1.1\r\nHost: x\r\n\r\n', `${POST}Content-Length: -1\r\n\r\n{}`, `${POST}Content-Length: x\r\n\r\n{}`,
    `${POST}Content-Length: 2\r\nContent-Length: 3\r\n\r\n{}`,
    `${POST}Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n`,
    `${POST}Transfer-Encoding: chunked\r\n\r\nzz\r\n{}`,
  ]
  for (const text of broken) assertRefused((await sendRaw(text)).text, 400, JSON.stringify(text))
})

test('headers and URLs that are too long are refused', async () => {
  assertRefused((await sendRaw(`GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(100_000)}\r\n\r\n`)).text, 431, 'a header')
  assertRefused((await sendRaw(`GET / HTTP/1.1\r\nHost: x\r\n${'A: x\r\n'.repeat(20_000)}\r\n`)).text, 431, 'many headers')
  assertRefused((await sendRaw(`GET /${'a'.repeat(100_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)).text, 431, 'a path')
  assertRefused(
    (await sendRaw(`GET /app/v1_0/${'a'.repeat(12_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).text,
    404,
    'one that fits',
  )
})

test('a wrong content length affects no other request', async () => {
  const close = 'Connection: close\r\n'
  assertRefused((await sendRaw(`${POST}${close}Content-Length: 1\r\n\r\n{}`)).text, 400, 'too short')
  assertRefused((await sendRaw(`${POST}${close}Content-Length: 99999999999\r\n\r\n{}`)).text, 413, 'huge')
  assertRefused((await sendRaw(`${POST}${close}Content-Length: 2\r\n\r\n{}`)).text, 400, 'the right length of an empty object')
})

test('an absolute URL in the request line, as proxies send it, works like a path', async () => {
  for (const path of ['/app/v1_0/channels', '/api/app/v1_0/channels'])
    assert.match(
      (await sendRaw(`GET http://news.example:8000${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)).text,
      /^HTTP\/1.1 200 /,
    )
  const page = 'GET http://news.example HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n'
  assert.match((await sendRaw(page)).text, /^HTTP\/1.1 200 /)
})

test('an unknown path is a 404 in JSON, for every method', async () => {
  // biome-ignore format: a list
  const paths = [
    '/app/v1_0/nothing', '/app/v1_0', '/app', '/nothing', '/v1_0/', '/api', '/apiapp/v1_0/channels',
    '/api/api/app/v1_0/channels', '/app/v1_0/channels/1', '/%2e%2e/etc/passwd', '/app/v2_0/channels', '/mis/v1_0/nothing',
  ]
  for (const path of paths)
    for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'PROPFIND']) {
      const answer = await product.request(method, path, undefined, { headers: { accept: 'application/json' } })
      assert.equal(answer.status, 404, `${method} ${path}`)
      assert.equal(typeof answer.body.message, 'string', `${method} ${path}`)
    }
  assert.match((await product.request('GET', '/app/v1_0/nothing')).body.message, /^The requested URL was not found on the server/)
  // Not built: whatever the body is.
  const text = { headers: { 'content-type': 'text/plain' }, body: 'x' }
  assert.equal((await product.request('POST', '/mis/v1_0/nothing', undefined, text)).status, 404)
})

test('a broken percent escape is refused in a path and in a parameter of the route, and ignored elsewhere in a query', async () => {
  for (const path of ['/app/v1_0/articles/%', '/app/v1_0/articles/%zz', '/%E0%A4%A']) {
    const answer = await product.request('GET', path)
    assert.equal(answer.status, 400, path)
    assert.ok(!answer.body.message.includes('%'), 'the message does not repeat the path')
  }
  // A person's browser gets a page where the API has none.
  const browser = { headers: { accept: 'text/html' } }
  assert.match((await product.request('GET', '/%E0%A4%A?x', undefined, browser)).headers.get('content-type') ?? '', /^text\/html/)
  assert.equal((await product.request('GET', '/v1_0/articles/%ff', undefined, browser)).status, 404)
  assert.equal((await product.request('GET', '/app/v1_0/channels?x=%&y=%E0%A4%A&z=%ff')).status, 200)
  for (const path of ['search?q=%ED%A0%80', 'suggestion?q=%E0%A4%A', 'search?q=a&q=%ff', 'articles?channel_id=%ff&timestamp=1']) {
    const { status, body } = await product.request('GET', `/v1_0/${path}`)
    assert.deepEqual([status, body], [400, { message: `${path.includes('channel') ? 'channel_id' : 'q'} is not valid UTF-8` }], path)
  }
  assert.equal((await product.request('GET', '/v1_0/search?q=100%')).status, 200)
})

test('extra slashes, and one at the end, change nothing', async () => {
  const plain = await product.request('GET', '/app/v1_0/channels')
  for (const path of [
    '//app/v1_0/channels',
    '/app//v1_0///channels',
    '/app/v1_0/channels/',
    '//api//app/v1_0/channels/',
    '/api/app/v1_0/channels',
  ])
    assert.equal((await product.request('GET', path)).text, plain.text, path)
})

test('a browser page of any origin may send requests, and its preflight requests are answered', async () => {
  for (const method of ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])
    for (const path of ['/app/v1_0/user/channels', '/v1_0/articles/1', '/mp/v1_0/authorizations', '/api/v1_0/user']) {
      const wanted = {
        origin: 'http://localhost:3000',
        'access-control-request-method': method,
        'access-control-request-headers': 'authorization,content-type,trace',
      }
      const { status, text, headers } = await product.request('OPTIONS', path, undefined, { headers: wanted })
      assert.deepEqual([status, text, headers.get('access-control-allow-origin')], [204, '', '*'])
      assert.ok(headers.get('access-control-allow-methods')?.split(/, ?/).includes(method), method)
      for (const name of ['authorization', 'content-type', 'trace'])
        assert.ok(headers.get('access-control-allow-headers')?.toLowerCase().includes(name), name)
    }
  for (const [method, path, status] of [
    ['GET', '/app/v1_0/channels', 200],
    ['GET', '/app/v1_0/user', 401],
    ['GET', '/app/v1_0/nothing', 404],
    ['GET', '/app/v1_0/articles/%', 400],
    ['OPTIONS', '/app/v1_0/user', 204],
  ] as const) {
    const answer = await product.request(method, path, undefined, { headers: { origin: 'http://localhost:3000' } })
    assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [status, '*'], path)
  }
})

test('HEAD answers like GET, without a body', async () => {
  for (const path of ['/app/v1_0/channels', '/healthz', '/app/v1_0/nothing']) {
    const [head, get] = [await product.request('HEAD', path), await product.request('GET', path)]
    assert.deepEqual(
      [head.status, head.text, head.headers.get('content-length')],
      [get.status, '', get.headers.get('content-length')],
      path,
    )
  }
})

test('a client that sends its request too slowly, gets a 408 after ten seconds', async t => {
  for (const { text, ms } of await Promise.all(slow)) {
    assertRefused(text, 408, text)
    t.diagnostic(`${Math.round(ms)} ms`)
    assert.ok(ms > 9_000, `${ms} ms`)
  }
  assert.deepEqual(faults, [])
})

test('a method that a path does not have is a 405 that lists those it has', async () => {
  for (const [method, path, allow] of [
    ['POST', '/app/v1_0/channels', 'GET, HEAD'],
    ['PUT', '/api/v1_0/articles/7', 'GET'],
    ['GET', '/v1/behaviours', 'POST'],
    ['PROPFIND', '/v1_0/user/channels?x=1', 'DELETE, GET, HEAD, PATCH, POST, PUT'],
    ['PATCH', '/healthz', 'GET, HEAD'],
    ['POST', '/drawn/x.svg', 'GET, HEAD'],
  ] as const) {
    const answer = await product.request(method, path, undefined, { headers: { 'content-type': 'text/plain' } })
    assert.deepEqual([answer.status, answer.headers.get('allow')], [405, allow], `${method} ${path}`)
    assert.match(answer.body.message, new RegExp(`^${method} is not possible here`))
  }
})

test('two Host headers are refused, because a proxy might have read the other one', async () => {
  for (const path of ['/healthz', '/socket.io/?EIO=4&transport=polling'])
    assertRefused((await sendRaw(`GET ${path} HTTP/1.1\r\nHost: x\r\nhost: y\r\n\r\n`)).text, 400, path)
  const upgrade = 'Connection: Upgrade\r\nUpgrade: websocket\r\n'
  assertRefused((await sendRaw(`GET /socket.io/?EIO=4 HTTP/1.1\r\nHost: x\r\nHost: x\r\n${upgrade}\r\n`)).text, 400, 'upgrade')
})

test('a compressed body is refused with 415, and the answer says what is accepted', async () => {
  const send = (encoding: string) => product.request('POST', '/v1_0/authorizations', {}, { headers: { 'content-encoding': encoding } })
  for (const encoding of ['gzip', 'br', 'x', 'gzip, identity']) {
    const answer = await send(encoding)
    assert.deepEqual([answer.status, answer.headers.get('accept-encoding')], [415, 'identity'], encoding)
  }
  assert.equal((await send('Identity')).status, 400)
})

test('a HEAD request of an article does not count as a read', async () => {
  const channel = await product.createChannel('科普')
  const [id] = await product.publish([{ channel }])
  assert.equal((await product.request('HEAD', `/app/v1_0/articles/${id}`)).status, 405)
  assert.equal((await product.request('GET', `/app/v1_0/articles/${id}`)).body.data.read_count, 1)
})

test('a body that is not UTF-8 is refused over the wire, with and without a charset', async () => {
  for (const [charset, status] of [
    ['', 400],
    ['; charset=gbk', 415],
  ] as const) {
    const headers = { 'content-type': `application/json${charset}` }
    const body = Buffer.concat([Buffer.from('{"mobile":"'), Buffer.from([0xd6, 0xd0]), Buffer.from('"}')])
    const answer = await fetch(`${product.url}/app/v1_0/authorizations`, { method: 'POST', headers, body })
    assert.equal(answer.status, status)
  }
})

test('a page of another origin may send whatever headers its libraries add', async () => {
  const name = fc.string({ unit: fc.constantFrom(...'abcxyz019-_.'), minLength: 1, maxLength: 20 }).map(end => `x${end}`)
  const list = fc
    .tuple(fc.array(name, { minLength: 1, maxLength: 12 }), fc.constantFrom(',', ', '))
    .map(([names, comma]) => names.join(comma))
  const path = fc.constantFrom('/v1_0/comments', '/app/v1_0/user/photo', '/mp/v1_0/user/images', '/v1/behaviours', '/mis/v1_0/channels')
  await fc.assert(
    fc.asyncProperty(list, path, async (asked, path) => {
      const headers = { origin: 'https://x.example', 'access-control-request-method': 'POST', 'access-control-request-headers': asked }
      const { status, headers: answered } = await fetch(product.url + path, { method: 'OPTIONS', headers })
      assert.deepEqual([status, answered.get('access-control-allow-headers')], [204, asked])
      assert.equal(answered.get('access-control-allow-credentials'), null)
    }),
    { numRuns: 50, examples: [['x-requested-with', '/mp/v1_0/user/images']] },
  )
})
