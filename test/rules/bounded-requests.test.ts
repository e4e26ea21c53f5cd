// Every text and every list in a request has a bound in its schema, which is checked before any code of a feature runs. No text
// with a NUL, which PostgreSQL cannot store, is answered as a mistake of ours.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { ADMIN_PASSWORD, ALL_GROUP, addAdministrator, OFFICE_ENV, signInAdministrator } from '../support/office.ts'
import { groupGenerations, listOperations, sendAll, targetOf, validValueFor } from '../support/operations.ts'
import { startProduct } from '../support/product.ts'

interface Schema {
  type?: string | string[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  minLength?: number
  anyOf?: Schema[]
  maxLength?: number
  maxItems?: number
  pattern?: string
  enum?: unknown[]
  const?: unknown
}

/** A pattern bounds the length if nothing in it repeats without end. */
const bounds = (pattern: string | undefined) => pattern !== undefined && /^\^.*\$$/.test(pattern) && !/[*+]|,\}/.test(pattern)

function* unboundedParts(schema: Schema, path: string): Generator<string> {
  const types = new Set([schema.type].flat())
  const isListed = schema.enum !== undefined || schema.const !== undefined
  if (types.has('string') && !(schema.maxLength !== undefined || isListed || bounds(schema.pattern))) yield `${path}: text`
  if (types.has('array')) {
    if (schema.maxItems === undefined) yield `${path}: list`
    yield* unboundedParts(schema.items ?? {}, `${path}[]`)
  }
  for (const part of schema.anyOf ?? []) yield* unboundedParts(part, path)
  for (const [name, part] of Object.entries(schema.properties ?? {})) yield* unboundedParts(part, `${path}.${name}`)
}

const product = await startProduct({ env: OFFICE_ENV, alwaysEmbedded: true })

test('every text and every list that a request may contain has a bound', async () => {
  const { paths } = (await product.request('GET', '/openapi.json')).body
  const unbounded = Object.entries<any>(paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).flatMap(([method, { parameters = [], requestBody }]) => {
      const bodies = Object.values<any>(requestBody?.content ?? {}).map(({ schema }) => ({ name: 'body', schema }))
      return [...parameters, ...bodies].flatMap(({ name, schema }) => [...unboundedParts(schema, `${method} ${path} ${name}`)])
    }),
  )
  assert.deepEqual(unbounded, [])
})

/** Of fields that the schema alone does not describe: without them nothing is looked up or stored. */
const VALID: Record<string, unknown> = { account: 'account1', password: ADMIN_PASSWORD, group_id: ALL_GROUP }

/** A text with a NUL that the pattern of its schema admits, if there is one; else any. */
function textWithNul({ pattern = '', minLength = 0 }: Schema): string {
  const probes = ['a\0b', 'a\0@b.c', '\0'].map(text => text.padEnd(minLength, 'x'))
  return probes.find(text => new RegExp(pattern, 'u').test(text)) ?? probes[0] ?? ''
}

/** The value that a field is given instead of a valid one, once for each text within it. */
function* valuesWithNul(schema: Schema): Generator<unknown> {
  if ([schema.type].flat().includes('string') && schema.enum === undefined && schema.const === undefined) yield textWithNul(schema)
  if (schema.items) for (const item of valuesWithNul(schema.items)) yield [item]
  for (const part of schema.anyOf ?? []) yield* valuesWithNul(part)
  const fields = Object.entries(schema.properties ?? {})
  const required = fields.filter(([name]) => schema.required?.includes(name))
  const valid = Object.fromEntries(required.map(([name, field]) => [name, VALID[name] ?? validValueFor(name, field)]))
  for (const [name, field] of fields) for (const value of valuesWithNul(field)) yield { ...valid, [name]: value }
}

test('a text with a NUL is no mistake of ours, wherever a request has one', async t => {
  const { paths } = (await product.request('GET', '/openapi.json')).body
  const editor = await signInAdministrator(product)
  const other = await addAdministrator(product, 'other', ALL_GROUP)
  const carol = await product.signInToStudio('carol')
  const wrong: string[] = []
  let sent = 0
  const calls = groupGenerations(await listOperations(product)).flatMap(([operation]) => {
    if (!operation) return []
    const { method, path, body, query } = operation
    const ids: Record<string, string> = path.includes('/administrators/') ? { id: String(other) } : {}
    const isOffice = /^\/(mis|v1_0\/mis|v1\/admin)\//.test(path)
    const headers = { authorization: `Bearer ${isOffice ? editor.token : carol.token}` }
    const { parameters = [], requestBody } = paths[path][method.toLowerCase()]
    const call = (what: string, target: string, json: unknown) => async () => {
      sent++
      const { status } = await product.request(method, target, json, { headers })
      // 503 is a busy machine's: passwords wait for each other.
      if (status >= 500 && status !== 503) wrong.push(`${method} ${path}: ${what}: ${status}`)
    }
    const inAddress = parameters
      .filter((one: any) => one.in === 'query' || one.in === 'path')
      .flatMap(({ name, schema }: any) =>
        [...valuesWithNul(schema)].map(value =>
          call(name, targetOf({ ...operation, query: { [name]: '', ...query } }, { [name]: encodeURIComponent(String(value)) }), body),
        ),
      )
    const schema: Schema = requestBody?.content['application/json']?.schema ?? {}
    const inBody = [...valuesWithNul({ properties: schema.properties, required: schema.required })].map(value =>
      call(JSON.stringify(value), targetOf(operation, ids), value),
    )
    return [...inAddress, ...inBody]
  })
  await sendAll(calls)
  t.diagnostic(`${sent} requests`)
  assert.deepEqual(wrong, [])
})
