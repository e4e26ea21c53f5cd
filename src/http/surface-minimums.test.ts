import assert from 'node:assert/strict'
import { test } from 'node:test'
import Fastify from 'fastify'
import type { Access } from './access.ts'
import { requireDeclaredAccess } from './access.ts'
import { mountGenerations } from './generations.ts'
import type { RouteScope, Routes, Surface } from './routes.ts'

const answer = async () => ({ message: 'OK' })

/** Mounts one route on a surface and starts. */
async function mount(surface: Surface, path: string, access: Access): Promise<string[]> {
  const server = Fastify()
  requireDeclaredAccess(server)
  const routes: Routes = async scope =>
    void scope.get(path, { config: { access, permission: null } as { access: 'admin'; permission: null } }, answer)
  mountGenerations(server, [{ surface, routes }])
  await server.ready()
  return ['/app/v1_0', '/v1_0', '/mp/v1_0', '/mis/v1_0', '/v1', '/v1/admin', ''].filter(prefix =>
    server.hasRoute({ method: 'GET', url: prefix + path }),
  )
}

/** Never called: the type check demands that each of these lines is an error. */
export function routesThatDoNotCompile(server: RouteScope): void {
  // @ts-expect-error: a route with a schema only
  server.get('/x', { schema: {} }, answer)
  // @ts-expect-error: an access that does not exist
  server.put('/x', { config: { access: 'everyone' } }, answer)
  // @ts-expect-error: a route for administrators that does not say what it takes
  server.patch('/x', { config: { access: 'admin' } }, answer)
  // @ts-expect-error: a permission that does not exist
  server.patch('/x', { config: { access: 'admin', permission: 'everything' } }, answer)
  // @ts-expect-error: a config without an access
  server.post('/x', { config: {} }, answer)
  // @ts-expect-error: no options
  server.delete('/x', answer)
  // @ts-expect-error: the long form
  server.route({ method: 'GET', url: '/x', handler: answer })
}

test('a route that declares no access stops the start, which names the route', async () => {
  await assert.rejects(mount('app', '/secrets', undefined as never), /^Error: GET \/app\/v1_0\/secrets declares no access$/)
  const server = Fastify()
  requireDeclaredAccess(server)
  assert.throws(() => server.post('/x', answer), /^Error: POST \/x declares no access$/)
})

test('a route that declares less than its surface demands stops the start, which names both', async () => {
  const refusal = (surface: Surface, access: Access) => mount(surface, '/jobs', access).then(String, (err: Error) => err.message)
  for (const access of ['public', 'open', 'optional', 'login', 'studio'] as const) {
    assert.equal(
      await refusal('own admin', access),
      `GET /v1/admin/jobs declares ${access}, but the surface own admin demands at least admin`,
    )
    assert.equal(await refusal('admin', access), `GET /mis/v1_0/jobs declares ${access}, but the surface admin demands at least admin`)
  }
  assert.match(await refusal('studio', 'login'), /demands at least studio$/)
  assert.match(await refusal('own', 'open'), /demands at least optional$/)
  assert.match(await refusal('app v1_0', 'public'), /demands at least open$/)
})

test('a route with the access that its surface demands, or a stricter one, is mounted', async () => {
  assert.deepEqual(await mount('own admin', '/jobs', 'admin'), ['/v1/admin'])
  assert.deepEqual(await mount('studio', '/jobs', 'studio'), ['/mp/v1_0'])
  assert.deepEqual(await mount('own', '/jobs', 'login'), ['/v1'])
  assert.deepEqual(await mount('app v1_0', '/jobs', 'open'), ['/app/v1_0', '/v1_0'])
  assert.deepEqual(await mount('files', '/jobs', 'public'), [''])
})

test('an exception holds for its path on its surface only', async () => {
  assert.deepEqual(await mount('studio', '/channels', 'public'), ['/mp/v1_0'])
  await assert.rejects(mount('studio', '/channels/all', 'public'), /demands at least studio/)
  await assert.rejects(mount('admin', '/channels', 'public'), /demands at least admin/)
  await assert.rejects(mount('app v1_0', '/authorizations', 'public'), /GET .* demands at least open/)
})
