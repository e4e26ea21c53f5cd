import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { pino } from 'pino'
import { Problem, type ProblemKind } from '../base/problem.ts'
import { createErrorHandler } from './errors.ts'

async function responseTo(error: Error) {
  const lines: string[] = []
  const server = Fastify()
  server.setErrorHandler(createErrorHandler(pino({}, { write: line => void lines.push(line) })))
  server.get('/', async () => {
    throw error
  })
  const { statusCode, headers, body } = await server.inject('/')
  return { status: statusCode, headers, message: JSON.parse(body).message as string, keys: Object.keys(JSON.parse(body)), lines }
}

test('a bug is logged with its error, and the caller gets only the id of the request', async () => {
  const { status, message, keys, lines } = await responseTo(new TypeError('secret detail'))
  assert.equal(status, 500)
  assert.deepEqual(keys, ['message'])
  assert.ok(!message.includes('secret'))
  const [line] = lines.map(text => JSON.parse(text))
  assert.equal(line.err.message, 'secret detail')
  assert.ok(message.includes(line.id))
})

test('an unavailable database is answered with 503 and Retry-After, and not logged as a bug', async () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', '57P01', '53300', '08006', '57014']) {
    const { status, headers, lines } = await responseTo(Object.assign(new Error('unavailable'), { code }))
    assert.deepEqual([status, headers['retry-after'], lines.length], [503, '1', 0], code)
  }
  assert.equal((await responseTo(Object.assign(new Error('duplicate key'), { code: '23505' }))).status, 500)
})

test('a caller that must wait gets Retry-After, and a refused body closes the connection', async () => {
  assert.equal((await responseTo(new Problem('too-many', 'Too many requests.', { retryAfter: 60 }))).headers['retry-after'], '60')
  assert.equal((await responseTo(new Problem('too-many', 'Too many requests.'))).headers['retry-after'], '1')
  assert.equal((await responseTo(new Problem('too-large', 'Too large.'))).headers.connection, 'close')
})

test('every kind of problem has its status, and the caller gets its message', async () => {
  // biome-ignore format: a table
  const statuses: Record<ProblemKind, number> = {
    invalid: 400, unauthenticated: 401, forbidden: 403, 'not-found': 404, 'wrong-method': 405, 'too-slow': 408, conflict: 409, 'too-large': 413,
    unsupported: 415, 'too-many': 429, unavailable: 503, 'storage-failed': 507,
  }
  for (const [kind, expected] of Object.entries(statuses)) {
    const { status, message, lines } = await responseTo(new Problem(kind as ProblemKind, `about ${kind}`, { hidden: true }))
    assert.deepEqual([status, message, lines.length], [expected, `about ${kind}`, 0])
  }
})
