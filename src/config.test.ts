import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ConfigError, readConfig } from './config.ts'

function mistakesIn(env: Record<string, string>): string[] {
  try {
    readConfig(env)
    return []
  } catch (err) {
    assert.ok(err instanceof ConfigError)
    for (const mistake of err.mistakes) assert.ok(err.message.includes(mistake))
    return err.mistakes
  }
}
const namesIn = (env: Record<string, string>) => mistakesIn(env).map(mistake => /^[A-Z_]+/.exec(mistake)?.[0])
const KEY = 'k'.repeat(32)

test('without any setting the server serves this machine', () => {
  const config = readConfig({})
  assert.deepEqual([config.host, config.port, config.grpc.host, config.grpc.port], ['127.0.0.1', 8000, '127.0.0.1', 8888])
  assert.deepEqual([...config.roles].toSorted(), ['api', 'realtime', 'recommender', 'worker'])
  assert.deepEqual([config.timezone, config.logLevel, config.demo.when], ['Asia/Shanghai', 'info', 'first'])
  for (const secret of [config.tokenKey, config.traceKey, config.metricsToken, config.grpc.key])
    assert.equal(secret, undefined, 'no secret by default')
})

test('an empty setting counts as missing', () => {
  const names =
    'HOST PORT PUBLIC_URL TRUST_PROXY GRPC_HOST GRPC_PORT RECOMMENDER_KEY ROLES DATA_DIR DATABASE_URL REDIS_URL SEARCH_URL RECOMMENDER_ADDRESS SMS_URL SMS_PER_DAY IDENTITY_KEY TIMEZONE DATABASE_CONNECTIONS ' +
    'DEMO DEMO_SEED DEMO_NOW LOG_LEVEL METRICS_TOKEN TOKEN_KEY TRACE_KEY'
  for (const empty of ['', '  '])
    assert.deepEqual(readConfig(Object.fromEntries(names.split(' ').map(name => [name, empty]))), readConfig({}))
})

test('all mistakes are reported together', () => {
  // biome-ignore format: a list
  const wrong = {
    PORT: '70000', GRPC_PORT: '-1', PUBLIC_URL: 'news.example', DATABASE_URL: 'mysql://x', SMS_URL: 'ftp://x', TIMEZONE: 'Mars/Crater',
    DEMO: 'maybe', DEMO_SEED: 'x', DEMO_NOW: 'soon', LOG_LEVEL: 'loud', METRICS_TOKEN: 'short', TOKEN_KEY: 'short', TRACE_KEY: 'short',
    RECOMMENDER_KEY: 'short', ROLES: 'api,cook', RECOMMENDER_ADDRESS: 'here', REDIS_URL: 'http://cache', DATABASE_CONNECTIONS: '4', TRUST_PROXY: 'all',
  }
  assert.deepEqual(new Set(namesIn(wrong)), new Set(Object.keys(wrong)))
})

test('numbers are whole, in ASCII digits and within their limits', () => {
  for (const PORT of ['80.5', '1e3', '0x50', '８０', '-1', '65536', '9'.repeat(20), 'http'])
    assert.deepEqual(namesIn({ PORT }), ['PORT'], PORT)
  assert.equal(readConfig({ PORT: '0' }).port, 0)
})

test('proxies are given as a number or as addresses, and never include every client', () => {
  assert.equal(readConfig({}).trustProxy, 0)
  const SMS_URL = 'https://sms.example/send'
  assert.equal(readConfig({ TRUST_PROXY: '2', SMS_URL }).trustProxy, 2)
  assert.deepEqual(readConfig({ TRUST_PROXY: 'loopback, 10.0.0.0/8,fd00::/8', SMS_URL }).trustProxy, ['loopback', '10.0.0.0/8', 'fd00::/8'])
  for (const TRUST_PROXY of ['true', '10', '-1', '0.0.0.0/0', '::/0', '10.0.0.0/33', 'proxy.example', '10.0.0.1,', '10.0.0.1/8/8', '1.2.3'])
    assert.deepEqual(namesIn({ TRUST_PROXY }), ['TRUST_PROXY'], TRUST_PROXY)
  assert.deepEqual(namesIn({ TRUST_PROXY: Array(101).fill('10.0.0.1').join() }), ['TRUST_PROXY'])
})

test('the demo sign-in code is refused if other machines reach the server', () => {
  for (const HOST of ['0.0.0.0', '::', '192.168.1.4', 'news.example', '128.0.0.1']) {
    assert.deepEqual(namesIn({ HOST }), ['SMS_URL'], HOST)
    assert.deepEqual(namesIn({ HOST, SMS_URL: 'https://sms.example/send' }), [])
    assert.deepEqual(namesIn({ HOST, ROLES: 'recommender,worker' }), [], 'without the role api there is no sign-in')
  }
  for (const HOST of ['127.0.0.1', '127.1.2.3', 'localhost', '::1']) assert.deepEqual(namesIn({ HOST }), [], HOST)
  const settings: Record<string, string>[] = [{ PUBLIC_URL: 'https://news.example' }, { TRUST_PROXY: '1' }, { TRUST_PROXY: 'loopback' }]
  for (const setting of settings) {
    assert.deepEqual(namesIn(setting), ['SMS_URL'], JSON.stringify(setting))
    assert.deepEqual(namesIn({ ...setting, SMS_URL: 'https://sms.example/send' }), [])
    assert.deepEqual(namesIn({ ...setting, ROLES: 'recommender,worker' }), [])
  }
  for (const PUBLIC_URL of ['http://localhost:8000', 'http://127.0.0.1', 'http://[::1]:80']) assert.deepEqual(namesIn({ PUBLIC_URL }), [])
})

test('a recommender that other machines reach needs a key', () => {
  assert.deepEqual(namesIn({ GRPC_HOST: '0.0.0.0' }), ['RECOMMENDER_KEY'])
  assert.deepEqual(namesIn({ GRPC_HOST: '0.0.0.0', RECOMMENDER_KEY: KEY }), [])
  assert.deepEqual(namesIn({ GRPC_HOST: '0.0.0.0', ROLES: 'api', RECOMMENDER_ADDRESS: 'reco:8888' }), [])
})

test('files are kept in the data folder, in another folder or in S3; a malformed address is refused without its secret', () => {
  assert.deepEqual(readConfig({ DATA_DIR: '/srv/data' }).files, { kind: 'folder', folder: '/srv/data/files' })
  assert.deepEqual(readConfig({ FILES_URL: 'file:///mnt/files' }).files, { kind: 'folder', folder: '/mnt/files' })
  assert.equal(readConfig({ FILES_URL: 's3://id:secret@bucket' }).files.kind, 's3')
  assert.deepEqual(namesIn({ FILES_URL: 's3://hush-hush@bucket' }), ['FILES_URL'])
  assert.ok(!mistakesIn({ FILES_URL: 's3://id:hush-hush@B' }).join().includes('hush-hush'))
})

test('pictures are accepted without a token while everybody can sign in with the demo code, or as the operator says', () => {
  assert.equal(readConfig({}).anonymousUpload, true)
  assert.equal(readConfig({ SMS_URL: 'https://sms.example/send' }).anonymousUpload, false)
  assert.equal(readConfig({ SMS_URL: 'https://sms.example/send', ANONYMOUS_UPLOAD: '1' }).anonymousUpload, true)
  assert.equal(readConfig({ ANONYMOUS_UPLOAD: '0' }).anonymousUpload, false)
  assert.deepEqual(namesIn({ ANONYMOUS_UPLOAD: 'maybe' }), ['ANONYMOUS_UPLOAD'])
})

test('the role api needs a recommender', () => {
  assert.deepEqual(namesIn({ ROLES: 'api' }), ['RECOMMENDER_ADDRESS'])
  assert.deepEqual(readConfig({ ROLES: ' api , worker ', RECOMMENDER_ADDRESS: 'reco:8888' }).roles, new Set(['api', 'worker']))
  for (const RECOMMENDER_ADDRESS of ['reco', 'http://reco:1', 'reco:99999', 'a b:1', ':1'])
    assert.deepEqual(namesIn({ RECOMMENDER_ADDRESS }), ['RECOMMENDER_ADDRESS'], RECOMMENDER_ADDRESS)
})

test('a trailing slash is removed from an address', () => {
  assert.equal(readConfig({ PUBLIC_URL: 'http://localhost/feed//' }).publicUrl, 'http://localhost/feed')
})

test('the error message contains no secrets', () => {
  assert.ok(
    !mistakesIn({ TOKEN_KEY: 'hush-hush', DATABASE_URL: 'mysql://me:hush-hush@x', REDIS_URL: 'redis://:hush-hush@x:y' })
      .join()
      .includes('hush-hush'),
  )
})
