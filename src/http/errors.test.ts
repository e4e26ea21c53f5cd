import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import { pino } from 'pino'
import { Problem, type ProblemKind } from '../base/problem.ts'
import { createErrorHandler } from './errors.ts'

async function answerTo(error: Error) {
  const lines: string[] = []
  const server = Fastify()
  server.setErrorHandler(createErrorHandler(pino({}, { write: line => void lines.push(line) })))
  server.get('/', async () => {
    throw error
  })
  const { statusCode, headers, body } = await server.inject('/')
  return { status: statusCode, headers, message: JSON.parse(body).message as string, keys: Object.keys(JSON.parse(body)), lines }
}

test('a bug is logged whole, and its caller hears only a number to report', async () => {
  const { status, message, keys, lines } = await answerTo(new TypeError('secret of the house'))
  assert.equal(status, 500)
  assert.deepEqual(keys, ['message'])
  assert.ok(!message.includes('secret'))
  const [line] = lines.map(text => JSON.parse(text))
  assert.equal(line.err.message, 'secret of the house')
  assert.ok(message.includes(line.id))
})

test('a database that is away is no bug: try again', async () => {
  for (const code of ['ECONNREFUSED', 'ECONNRESET', '57P01', '53300', '08006', '57014']) {
    const { status, headers, lines } = await answerTo(Object.assign(new Error('away'), { code }))
    assert.deepEqual([status, headers['retry-after'], lines.length], [503, '1', 0], code)
  }
  assert.equal((await answerTo(Object.assign(new Error('duplicate key'), { code: '23505' }))).status, 500)
})

test('whoever is told to wait is told for how long, and a refused body ends the connection', async () => {
  assert.equal((await answerTo(new Problem('too-many', 'Too many requests.', { retryAfter: 60 }))).headers['retry-after'], '60')
  assert.equal((await answerTo(new Problem('too-many', 'Too many requests.'))).headers['retry-after'], '1')
  assert.equal((await answerTo(new Problem('too-large', 'Too large.'))).headers.connection, 'close')
})

test('every kind of problem has its status, and its text reaches the caller', async () => {
  // biome-ignore format: a table
  const statuses: Record<ProblemKind, number> = {
    invalid: 400, unauthenticated: 401, forbidden: 403, 'not-found': 404, 'too-slow': 408, conflict: 409, 'too-large': 413,
    unsupported: 415, 'too-many': 429, unavailable: 503,
  }
  for (const [kind, expected] of Object.entries(statuses)) {
    const { status, message, lines } = await answerTo(new Problem(kind as ProblemKind, `about ${kind}`, { hidden: true }))
    assert.deepEqual([status, message, lines.length], [expected, `about ${kind}`, 0])
  }
})
