// What a browser gets at paths outside the API: the web app, or the operator's own folder.

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { before, test } from 'node:test'
import { promisify } from 'node:util'
import { brotliCompressSync } from 'node:zlib'
import Fastify from 'fastify'
import { addStatic, type Site } from '../../src/http/static.ts'
import { cleanup } from '../support/cleanup.ts'
import { type Product, startProduct } from '../support/product.ts'

const HTML = { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } }
const ROOT = join(import.meta.dirname, '..', '..')
let builtIn: Product
let custom: Product

before(async () => {
  const folder = await mkdtemp(join(tmpdir(), 'broadsheet-site-'))
  cleanup(() => rm(folder, { recursive: true, force: true }))
  const site = join(folder, 'site')
  await mkdir(join(site, 'css'), { recursive: true })
  await mkdir(join(site, 'v1_0'))
  const long = 'console.log("theirs")\n'.repeat(100)
  const files = {
    'index.html': '<!doctype html><script>inline()</script>',
    'app.js': long,
    'app.js.br': brotliCompressSync(long),
    'css/a b.css': 'a{}',
    '.env': 'SECRET=1',
    'v1_0/channels': 'theirs',
  }
  for (const [name, text] of Object.entries(files)) await writeFile(join(site, name), text)
  await writeFile(join(folder, 'secret.txt'), 'secret')
  await symlink('/nowhere', join(site, 'broken.txt'))
  await promisify(execFile)(process.execPath, ['src/app/web/build.ts'], { cwd: ROOT })
  builtIn = await startProduct()
  custom = await startProduct({ env: { STATIC_DIR: site, PUBLIC_URL: 'https://localhost' } })
})

/** Sends the path exactly as written; fetch would normalise it. */
function sendRaw(url: string, path: string, headers: Record<string, string> = {}): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url)
    const sent = request({ hostname, port, path, headers }, answer => {
      let text = ''
      answer.setEncoding('utf8').on('data', (piece: string) => {
        text += piece
      })
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, text }))
    })
    sent.on('error', reject).end()
  })
}

test('browsers that came over TLS are told to come over TLS only', async () => {
  for (const path of ['/', '/v1_0/channels', '/v1_0/user', '/nothing'])
    assert.equal((await custom.request('GET', path)).headers.get('strict-transport-security'), 'max-age=31536000', path)
  assert.equal((await builtIn.request('GET', '/')).headers.get('strict-transport-security'), null)
})

test('every page of the web app is its index, which is revalidated each time and allows only its own scripts', async () => {
  for (const path of [
    '/',
    '/article/123',
    '/c/7?x=1',
    '/studio',
    '/studio/',
    '/studio/write/123',
    '/studio/index.html',
    '/admin',
    '/admin/jobs',
  ]) {
    const { status, headers, text } = await builtIn.request('GET', path, undefined, HTML)
    assert.equal(status, 200)
    assert.match(text, /<div id="app">/)
    assert.match(text, /<meta name="timezone" content="Asia\/Shanghai"/)
    assert.equal(headers.get('content-type'), 'text/html; charset=utf-8')
    assert.equal(headers.get('cache-control'), 'no-cache')
    assert.equal(headers.get('x-content-type-options'), 'nosniff')
    assert.equal(headers.get('cross-origin-opener-policy'), 'same-origin')
    const policy = headers.get('content-security-policy') ?? ''
    const scripts = [...text.matchAll(/<script(?![^>]*\bsrc=)[^>]*>(.*?)<\/script>/gs)].map(([, code = '']) => code)
    const hashes = scripts.map(code => `'sha256-${createHash('sha256').update(code).digest('base64')}'`)
    assert.ok(policy.includes(`script-src 'self' ${hashes.join(' ')};`), policy)
    assert.doesNotMatch(policy, /unsafe/)
    assert.equal(scripts.length, /^\/(studio|admin)/.test(path) ? 1 : 2)
  }
  assert.match((await builtIn.request('GET', '/')).text, /<div id="app">/)
  assert.equal((await builtIn.request('HEAD', '/', undefined, HTML)).status, 200)
})

test('browsers keep built files for ever, and receive them compressed and small', async () => {
  const scriptOf = async (page: string) =>
    /src="((?:\/studio|\/admin)?\/assets\/[^"]+\.js)"/.exec((await builtIn.request('GET', page, undefined, HTML)).text)?.[1] ?? ''
  const scripts = [await scriptOf('/'), await scriptOf('/studio'), await scriptOf('/admin')]
  assert.match(scripts.slice(1).join(), /^\/studio\/.*,\/admin\//)
  for (const [script, encoding] of scripts.flatMap(each => [[each, 'br'] as const, [each, 'gzip'] as const])) {
    const { status, headers } = await builtIn.request('HEAD', script, undefined, { headers: { 'accept-encoding': encoding } })
    assert.equal(status, 200)
    assert.equal(headers.get('cache-control'), 'public, max-age=31536000, immutable')
    assert.equal(headers.get('content-encoding'), encoding)
    assert.match(headers.get('content-type') ?? '', /^(text|application)\/javascript/)
    assert.match(headers.get('vary') ?? '', /accept-encoding/i)
  }
  // What a first screen waits for: two seconds at 500 kbit/s in the readers' app.
  for (const [page, most] of [
    ['/', 120_000],
    ['/studio', 200_000],
    ['/admin', 200_000],
  ] as const) {
    const { text } = await builtIn.request('GET', page, undefined, HTML)
    const sizes = await Promise.all(
      [...text.matchAll(/"((?:\/studio|\/admin)?\/assets\/[^"]+\.js)"/g)].map(async ([, path = '']) => {
        const { headers } = await builtIn.request('HEAD', path, undefined, { headers: { 'accept-encoding': 'gzip' } })
        return Number(headers.get('content-length'))
      }),
    )
    const total = sizes.reduce((sum, size) => sum + size, 0)
    assert.ok(total > 50_000 && total <= most, `${page}: ${total} bytes of scripts`)
  }
  const plain = await builtIn.request('GET', '/manifest.webmanifest')
  assert.equal(plain.headers.get('cache-control'), 'no-cache')
  const again = await sendRaw(builtIn.url, '/manifest.webmanifest', { 'if-none-match': plain.headers.get('etag') ?? '' })
  assert.equal(again.status, 304)
})

test('unknown paths of the API are answered in JSON, also to a browser', async () => {
  for (const path of ['/v1_0/nothing', '/app/v1_1/nothing', '/mp/x', '/mis/x', '/api/article/1', '/v1/x', '/drawn/x', '/docs/nothing'])
    for (const options of [HTML, {}]) {
      const answer = await builtIn.request('GET', path, undefined, options)
      assert.equal(answer.status, 404, path)
      assert.equal(typeof answer.body.message, 'string', path)
    }
  for (const path of ['/nothing', '/assets/nothing.js', '/favicon.ico']) {
    const answer = await builtIn.request('GET', path)
    assert.deepEqual([answer.status, typeof answer.body.message], [404, 'string'], path)
  }
  assert.equal((await builtIn.request('POST', '/', {}, HTML)).status, 404)
})

test("an operator's folder is served as it is, in place of the web app", async () => {
  const index = await custom.request('GET', '/', undefined, HTML)
  assert.equal(index.text, '<!doctype html><script>inline()</script>')
  assert.equal(index.headers.get('content-security-policy'), null)
  assert.equal(index.headers.get('cache-control'), 'no-cache')
  assert.equal((await custom.request('GET', '/user/profile', undefined, HTML)).text, index.text)
  const style = await custom.request('GET', '/css/a%20b.css')
  assert.deepEqual([style.status, style.text, style.headers.get('content-type')], [200, 'a{}', 'text/css; charset=utf-8'])
  const script = await custom.request('GET', '/app.js', undefined, { headers: { 'accept-encoding': 'br' } })
  assert.deepEqual([script.headers.get('content-encoding'), script.text.length], ['br', 2200])
  assert.equal(script.headers.get('x-content-type-options'), 'nosniff')
  assert.deepEqual(Object.keys((await custom.request('GET', '/v1_0/channels')).body.data), ['channels'])
  assert.equal((await custom.request('GET', '/nothing.png')).status, 404)
})

test('no path leads out of the folder or to its hidden files', async () => {
  const paths = ['/../secret.txt', '/%2e%2e/secret.txt', '/..%2fsecret.txt', '/css/../../secret.txt', '/..%5csecret.txt', '//../secret.txt']
  for (const path of [...paths, '/.env', '/css/../.env', '/css/%2e%2e/.env', '/app.js%00.png', '/broken.txt', '/css', '/css/']) {
    const answer = await sendRaw(custom.url, path)
    assert.ok([400, 404].includes(answer.status), `${path} → ${answer.status} ${answer.text}`)
    assert.doesNotMatch(answer.text, /secret$|SECRET/)
    const page = await sendRaw(custom.url, path, { accept: 'text/html' })
    assert.doesNotMatch(page.text, /secret$|SECRET/, path)
  }
})

test('a folder without an index is refused at the start, with the name of the setting', async () => {
  await assert.rejects(startProduct({ env: { STATIC_DIR: tmpdir() } }), /STATIC_DIR must hold an index\.html/)
})

test('while the app is being built, a page reloads itself; if the build fails, a page links to the API documentation', async () => {
  const states: Record<string, RegExp> = { building: /http-equiv="refresh"/, failed: /href="\/docs"/ }
  for (const [state, expected] of Object.entries(states)) {
    const server = Fastify()
    const site: Site = { custom: false, folder: () => undefined, state: () => state as 'building', refresh: async () => {} }
    await addStatic(server, { site, timezone: 'Asia/Shanghai' })
    const answer = await server.inject({ url: '/article/1', ...HTML })
    assert.equal(answer.statusCode, 200)
    assert.match(answer.body, expected)
    assert.equal(answer.headers['cache-control'], 'no-cache')
    await server.close()
  }
})
