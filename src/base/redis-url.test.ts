import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseRedisUrl } from './redis-url.ts'

test('port, database, user and password are optional', () => {
  const defaults = { tls: false, masterName: undefined, username: undefined, password: undefined, database: 0 }
  const at = (host: string, port: number) => [{ host, port }]
  assert.deepEqual(parseRedisUrl('redis://cache'), { ...defaults, nodes: at('cache', 6379) })
  assert.deepEqual(parseRedisUrl('redis://cache:7000/3'), { ...defaults, nodes: at('cache', 7000), database: 3 })
  assert.deepEqual(parseRedisUrl('rediss://:p%40ss@10.0.0.1/'), { ...defaults, tls: true, nodes: at('10.0.0.1', 6379), password: 'p@ss' })
  assert.deepEqual(parseRedisUrl('redis://me:a:b@[::1]:7000'), { ...defaults, nodes: at('::1', 7000), username: 'me', password: 'a:b' })
})

test('a Sentinel address names the Sentinels and the master', () => {
  const address = parseRedisUrl('redis+sentinel://:secret@one:26380,two/news/2')
  assert.deepEqual(address?.nodes, [
    { host: 'one', port: 26380 },
    { host: 'two', port: 26379 },
  ])
  assert.deepEqual([address?.masterName, address?.database, address?.password], ['news', 2, 'secret'])
})

test('other text is refused', () => {
  const wrong =
    'cache:6379 http://cache redis:// redis://a,b redis://cache:0 redis://cache:70000 redis://cache/x redis://cache/1/2 redis+sentinel://a:1'
  for (const text of [...wrong.split(' '), 'redis://a b', 'redis://:%@cache', '']) assert.equal(parseRedisUrl(text), undefined, text)
})
