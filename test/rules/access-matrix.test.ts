// Compares who may call which route with access-matrix.txt. The routes are read from Fastify, as they are mounted: what
// generations.ts and surface-minimums.ts believe does not matter here.

import assert from 'node:assert/strict'
import { subscribe } from 'node:diagnostics_channel'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import type { FastifyInstance, RouteOptions } from 'fastify'
import { GENERATIONS } from '../../src/http/generations.ts'
import type { Surface } from '../../src/http/routes.ts'
import { SURFACE_RULES } from '../../src/http/surface-minimums.ts'
import { startProduct } from '../support/product.ts'

const FILE = join(import.meta.dirname, 'access-matrix.txt')
const RENEW = 'ACCESS_MATRIX=write npm test -- test/rules/access-matrix.test.ts'
const HEADER = `# Who may call which route (src/http/access.ts); * marks an exception of its surface (src/http/surface-minimums.ts).
# Routes for administrators end with the permission that they need (src/base/permissions.ts).
# If a change is meant: ${RENEW}
`

interface Line {
  /** `-`: without a prefix. */
  surface: Surface | '-'
  method: string
  path: string
  access: string
  /** What administrators need; `-`: nothing, the route is about themself. */
  permission: string
}

/** What Fastify mounts while the whole product starts. */
async function readMountedRoutes(): Promise<RouteOptions[]> {
  const routes: RouteOptions[] = []
  subscribe('fastify.initialization', message => {
    const { fastify } = message as { fastify: FastifyInstance }
    fastify.addHook('onRoute', route => void routes.push(route))
  })
  await startProduct({ alwaysEmbedded: true })
  return routes
}

const PREFIXES = GENERATIONS.map(({ prefix }) => prefix).toSorted((a, b) => b.length - a.length) // `/v1/admin` before `/v1`

/** One line for all prefixes of a surface. */
function toLines(routes: RouteOptions[]): Line[] {
  const prefixesOf = new Map<string, Set<string>>()
  for (const { method, url, config } of routes)
    for (const each of [method].flat()) {
      const prefix = PREFIXES.find(one => one === '' || url.startsWith(`${one}/`)) as string
      const key = [url.slice(prefix.length), each, config?.access, config?.permission ?? '-'].join(' ')
      prefixesOf.set(key, (prefixesOf.get(key) ?? new Set()).add(prefix))
    }
  return [...prefixesOf].flatMap(([key, prefixes]) => {
    const [path = '', method = '', access = '', permission = ''] = key.split(' ')
    return surfacesAt(prefixes, key).map(surface => ({ surface, method, path, access, permission }))
  })
}

/** The surfaces whose prefixes these are. One that misses a prefix of its surface fails the test. */
function surfacesAt(prefixes: Set<string>, route: string): Line['surface'][] {
  if (prefixes.has('')) return ['-']
  let left = prefixes
  const found = (Object.keys(SURFACE_RULES) as Surface[]).filter(surface => {
    const own = new Set(GENERATIONS.filter(({ surfaces }) => surfaces.includes(surface)).map(({ prefix }) => prefix))
    if (!own.isSubsetOf(left)) return false
    left = left.difference(own)
    return true
  })
  assert.equal(left.size, 0, `${route} is mounted at ${[...left].join(' ')}, but not at every prefix of that surface`)
  return found
}

const isException = ({ surface, method, path }: Line) =>
  surface !== '-' && SURFACE_RULES[surface].exceptions.includes(`${method.replace('HEAD', 'GET')} ${path}`)

function format(lines: Line[]): string {
  const sorted = lines.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))
  const rows = sorted.map(line => [
    line.surface,
    line.method,
    line.access + (isException(line) ? ' *' : ''),
    line.access === 'admin' ? `${line.path}  ${line.permission}` : line.path,
  ])
  // Fixed widths: a new route adds its line and changes no other.
  return (
    HEADER +
    rows
      .map(([surface = '', method = '', access = '', path]) => `${surface.padEnd(10)}${method.padEnd(8)}${access.padEnd(12)}${path}\n`)
      .join('')
  )
}

const keyOf = ({ surface, path, method }: Line) => [surface, path, method].join('\0')

test('who may call which route is as access-matrix.txt says', async () => {
  const lines = toLines(await readMountedRoutes())
  assert.deepEqual(
    lines.filter(({ access }) => access === ''),
    [],
    'these routes declare no access',
  )
  for (const [surface, { exceptions }] of Object.entries(SURFACE_RULES))
    if (!surface.startsWith('app v'))
      for (const exception of exceptions)
        assert.ok(
          lines.some(line => line.surface === surface && `${line.method} ${line.path}` === exception),
          `the surface ${surface} has no route ${exception}, so it needs no exception`,
        )
  const text = format(lines)
  if (process.env.ACCESS_MATRIX === 'write') await writeFile(FILE, text)
  assert.equal(text, await readFile(FILE, 'utf8'), `The routes have changed. If that is meant: ${RENEW}`)
})
