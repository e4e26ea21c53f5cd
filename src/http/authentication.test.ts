// Every combination of an access and an Authorization header: who is let in, and how the others are refused.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import Fastify from 'fastify'
import type { AdministratorId, AdministratorSessionId, ReaderId, SessionId } from '../base/id.ts'
import { silentLog } from '../base/log.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Access } from './access.ts'
import { addAuthentication } from './authentication.ts'
import type { Authenticate, AuthenticateAdmin } from './bearer-token.ts'
import { createErrorHandler } from './errors.ts'

const authenticate: Authenticate = async token => {
  if (token === 'reader' || token === 'creator')
    return {
      kind: 'reader',
      viewer: { kind: 'reader', id: 7n as ReaderId },
      verified: token === 'creator',
      session: { id: 6n as SessionId, expiresAt: 0 },
    }
  return { kind: token === 'refresh' || token === 'frozen' ? token : 'bad' }
}

const authenticateAdmin: AuthenticateAdmin = async token => {
  const identity = { id: 8n as AdministratorId, name: 'editor', session: 9n as AdministratorSessionId }
  if (token === 'administrator') return { kind: 'administrator', ...identity, allows: code => code === 'job-list-get' }
  if (token === 'group-disabled') return { kind: token }
  return { kind: token === 'administrator-refresh' ? 'refresh' : token === 'gone' ? 'gone' : 'bad' }
}

const ACCESSES: Access[] = ['login', 'studio', 'optional', 'open', 'admin', 'public']
const server = Fastify()
server.setErrorHandler(createErrorHandler(silentLog))
addAuthentication(server, authenticate, authenticateAdmin)
for (const access of ACCESSES)
  server.get(
    `/${access}`,
    { config: { access, permission: access === 'admin' ? 'job-list-get' : undefined } },
    async ({ viewer, administrator }) => ({
      message: administrator ? `a${administrator.id}` : (viewerKeyOf(viewer) ?? 'anonymous'),
    }),
  )

const LOGIN = '401 User must be authorized.'
const BAD = '401 Token has some errors.'
const ADMIN = '401 Administrator must be authorized.'
const TABLE: Record<string, [login: string, studio: string, optional: string, open: string, admin: string]> = {
  '': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Bearer reader': ['200 r7', '403 User must be real info verified.', '200 r7', '200 r7', ADMIN],
  'bearer   reader ': ['200 r7', '403 User must be real info verified.', '200 r7', '200 r7', ADMIN],
  'Bearer creator': ['200 r7', '200 r7', '200 r7', '200 r7', ADMIN],
  'Bearer refresh': ['403 Do not use refresh token.', '403 Do not use refresh token.', BAD, '200 anonymous', ADMIN],
  'Bearer frozen': ['403 User denied.', '403 User denied.', '403 User denied.', '200 anonymous', ADMIN],
  'Bearer x': [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  'Bearer ': [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  'Bearer undefined': [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  'Bearer reader reader': [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  reader: [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  'Basic YTpi': [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  'Anony phone-1': [LOGIN, LOGIN, '200 dphone-1', '200 dphone-1', ADMIN],
  'Anony two words': [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  Anony: [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Anony ': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Anony undefined': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Anony null': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Anony NaN': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Anony [object Object]': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'anony   NULL ': [LOGIN, LOGIN, '200 anonymous', '200 anonymous', ADMIN],
  'Anony nullable-phone': [LOGIN, LOGIN, '200 dnullable-phone', '200 dnullable-phone', ADMIN],
  Anonymous: [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  [`Anony ${'x'.repeat(65)}`]: [LOGIN, LOGIN, BAD, '200 anonymous', ADMIN],
  'Bearer administrator': [LOGIN, LOGIN, BAD, '200 anonymous', '200 a8'],
  'Bearer administrator-refresh': [LOGIN, LOGIN, BAD, '200 anonymous', '403 Do not use refresh token.'],
  'Bearer group-disabled': [LOGIN, LOGIN, BAD, '200 anonymous', '403 Group status disable.'],
  'Bearer gone': [LOGIN, LOGIN, BAD, '200 anonymous', '403 Administrator does not exist.'],
}

for (const [authorization, expected] of Object.entries(TABLE))
  test(`"${authorization.slice(0, 30)}" is handled as the table says for every access`, async () => {
    for (const [i, access] of ACCESSES.entries()) {
      const answer = await server.inject({ url: `/${access}`, headers: authorization ? { authorization } : {} })
      assert.equal(`${answer.statusCode} ${answer.json().message}`, access === 'public' ? '200 anonymous' : expected[i], access)
    }
  })

test('an administrator calls the routes that their group allows, and those about themself', async () => {
  const office = Fastify()
  office.setErrorHandler(createErrorHandler(silentLog))
  addAuthentication(office, authenticate, authenticateAdmin)
  const routes = { allowed: 'job-list-get', denied: 'job-list-put', own: null } as const
  for (const [path, permission] of Object.entries(routes))
    office.get(`/${path}`, { config: { access: 'admin', permission } }, async () => ({ message: 'OK' }))
  office.get('/forgotten', { config: { access: 'admin' } }, async () => ({ message: 'OK' }))
  const statusOf = async (path: string) =>
    (await office.inject({ url: path, headers: { authorization: 'Bearer administrator' } })).statusCode
  assert.deepEqual(await Promise.all(['/allowed', '/denied', '/own', '/forgotten'].map(statusOf)), [200, 403, 200, 403])
})

test('a client whose device id is a missing variable, however it is written, is anonymous on every route that reads it', async () => {
  const missing = fc.constantFrom<unknown>(undefined, null, Number.NaN, '', {}, [], false, [null], new Date(Number.NaN).getTime())
  const writings = fc.constantFrom<(value: unknown) => string>(
    value => `${value}`,
    value => JSON.stringify(value) ?? 'undefined',
    value => JSON.stringify(`${value}`),
    value => Object.prototype.toString.call(value ?? null),
    value => (value ? '' : 'None'),
    value => (value ? '' : '(null)'),
  )
  const spelling = fc.constantFrom<(text: string) => string>(
    text => text,
    text => text.toLowerCase(),
    text => text.toUpperCase(),
    text => `  ${text}\t`,
  )
  await fc.assert(
    fc.asyncProperty(missing, writings, spelling, async (value, write, spell) => {
      for (const access of ['optional', 'open']) {
        const authorization = `Anony ${spell(write(value))}`
        const answer = await server.inject({ url: `/${access}`, headers: { authorization } })
        assert.equal(`${answer.statusCode} ${answer.json().message}`, '200 anonymous', authorization)
      }
    }),
  )
})
