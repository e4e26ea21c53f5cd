// Every documented operation, read from /openapi.json, with valid values for what it takes.

import type { Product } from './product.ts'

export interface Schema {
  type?: string | string[]
  const?: unknown
  enum?: unknown[]
  anyOf?: Schema[]
  minimum?: number
  minLength?: number
  pattern?: string
  properties?: Record<string, Schema>
  items?: Schema
  additionalProperties?: unknown
}

export interface Operation {
  method: string
  path: string
  /** The parameters of the path and of the query, each with a valid value. */
  inPath: Record<string, unknown>
  query: Record<string, unknown>
  /** Undefined if it takes no JSON. */
  body: Record<string, unknown> | undefined
  /** All that it may answer. */
  statuses: Set<number>
  /** What it answers in JSON, by status. */
  answers: Record<string, Schema>
}

/** Valid values that cannot be derived from a schema. */
const GOOD: Record<string, unknown> = {
  mobile: '13700000001',
  code: '246810',
  channels: [{ id: 1 }],
}

export function validValueFor(name: string, schema: Schema): unknown {
  if (name in GOOD) return GOOD[name]
  const some = schema.const ?? schema.enum?.[0] ?? schema.minimum
  if (some !== undefined) return some
  if (schema.anyOf?.[0]) return validValueFor(name, schema.anyOf[0])
  if (schema.type === 'boolean') return true
  if (schema.type === 'array') return []
  const text = 'x'.repeat(schema.minLength ?? 1)
  return schema.type === 'string' && new RegExp(schema.pattern ?? '').test(text) ? text : 1
}

const JSON_TYPE = 'application/json'

export async function listOperations(product: Product): Promise<Operation[]> {
  const { paths } = (await product.request('GET', '/openapi.json')).body
  // biome-ignore lint: the document is not typed
  return Object.entries<any>(paths).flatMap(([path, methods]) =>
    // biome-ignore lint: the document is not typed
    Object.entries<any>(methods).map(([method, { parameters = [], requestBody, responses }]) => {
      const fields: [string, Schema][] = Object.entries(requestBody?.content[JSON_TYPE]?.schema.properties ?? {})
      const ofPlace = (place: string) =>
        // biome-ignore lint: the document is not typed
        parameters.filter((one: any) => one.in === place).map((one: any) => [one.name, validValueFor(one.name, one.schema)])
      return {
        method: method.toUpperCase(),
        path,
        statuses: new Set(Object.keys(responses).map(Number)),
        inPath: Object.fromEntries(ofPlace('path')),
        query: Object.fromEntries(ofPlace('query')),
        body: requestBody && Object.fromEntries(fields.map(([name, schema]) => [name, validValueFor(name, schema)])),
        answers: Object.fromEntries(
          // biome-ignore lint: the document is not typed
          Object.entries<any>(responses).flatMap(([status, { content }]) =>
            content?.[JSON_TYPE] ? [[status, content[JSON_TYPE].schema]] : [],
          ),
        ),
      }
    }),
  )
}

/** The path with its parameters and the query; `replaced` has other values, escaped already. */
export function targetOf({ path, inPath, query }: Operation, replaced: Record<string, string> = {}): string {
  const search = Object.entries(query).map(([name, value]) => `${name}=${replaced[name] ?? value}`)
  return path.replace(/\{(\w+)\}/g, (_, name) => replaced[name] ?? String(inPath[name])) + (search.length > 0 ? `?${search.join('&')}` : '')
}

/** The same operation in each generation. */
export const groupGenerations = (operations: Operation[]): Operation[][] => [
  ...Map.groupBy(operations, ({ method, path }) => `${method} ${path.replace(/^\/(app\/)?v1_[01]\//, '/')}`).values(),
]

/** Sixteen at a time. */
export async function sendAll(requests: Iterable<() => Promise<unknown>>): Promise<void> {
  const queue = requests[Symbol.iterator]()
  await Promise.all(
    Array.from({ length: 16 }, async () => {
      for (let next = queue.next(); !next.done; next = queue.next()) await next.value()
    }),
  )
}
