// Every text and every list in a request has a bound in its schema, which is checked before any code of a feature runs.

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { startProduct } from '../support/product.ts'

interface Schema {
  type?: string | string[]
  items?: Schema
  properties?: Record<string, Schema>
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

test('every text and every list that a request may contain has a bound', async () => {
  const product = await startProduct({ alwaysEmbedded: true })
  const { paths } = (await product.request('GET', '/openapi.json')).body
  const unbounded = Object.entries<any>(paths).flatMap(([path, methods]) =>
    Object.entries<any>(methods).flatMap(([method, { parameters = [], requestBody }]) => {
      const bodies = Object.values<any>(requestBody?.content ?? {}).map(({ schema }) => ({ name: 'body', schema }))
      return [...parameters, ...bodies].flatMap(({ name, schema }) => [...unboundedParts(schema, `${method} ${path} ${name}`)])
    }),
  )
  assert.deepEqual(unbounded, [])
})
