// Every refusal that a test receives must be in /openapi.json: existing clients read statuses, and new ones are generated from it.

import assert from 'node:assert/strict'
import type { Answer } from './http-answer.ts'

interface Operation {
  path: RegExp
  method: string
  statuses: string[]
}

/** The same for every product of a process. */
let operations: Promise<Operation[]> | undefined

export async function assertDocumented(url: string, method: string, path: string, { status, text }: Answer): Promise<void> {
  if (status < 400 || status === 500) return
  operations ??= readOperations(url)
  const called = path
    .replace(/\?.*$/s, '')
    .replace(/\/{2,}/g, '/')
    .replace(/^\/api(?=\/)/, '')
  const found = (await operations).filter(each => each.method === method && each.path.test(called))
  if (found.length === 0) return // 404 or 405, or a path without documentation
  const statuses = found.flatMap(each => each.statuses)
  assert.ok(statuses.includes(String(status)), `${method} ${path} answered ${status}, which is not documented: ${text}`)
}

async function readOperations(url: string): Promise<Operation[]> {
  const { paths } = (await (await fetch(`${url}/openapi.json`)).json()) as {
    paths: Record<string, Record<string, { responses: object }>>
  }
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, { responses }]) => ({
      path: new RegExp(`^${path.replace(/\{\w+\}/g, '[^/]*')}/?$`),
      method: method.toUpperCase(),
      statuses: Object.keys(responses),
    })),
  )
}
