// Generated requests: an operation with mutated parameters, headers and body.

import fc from 'fast-check'
import { type Operation, sendAll, targetOf } from '../../support/operations.ts'
import type { Product } from '../../support/product.ts'
import { pause } from '../../support/waiting.ts'

const oddText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.constantFrom(
    '',
    '0',
    '-1',
    '1e309',
    '9223372036854775808',
    '%00',
    '../..',
    "' or 1=1--",
    'null',
    '[]',
    '{}',
    '__proto__',
    '\ud800',
    '٣',
    '１',
  ),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }).map(String),
  fc.date({ noInvalidDate: true }).map(date => date.toISOString()),
)
const oddValue = fc.oneof(oddText, fc.jsonValue({ maxDepth: 3 }), fc.double(), fc.array(fc.jsonValue({ maxDepth: 1 }), { maxLength: 12 }))
/** What Node lets a client put into a header. */
const oddHeader = fc.string({
  unit: fc
    .integer({ min: 32, max: 255 })
    .filter(code => code !== 127)
    .map(code => String.fromCharCode(code)),
  maxLength: 60,
})
const HEADERS = [
  'content-type',
  'trace',
  'idempotency-key',
  'accept',
  'accept-language',
  'range',
  'if-none-match',
  'origin',
  'cookie',
  'x-forwarded-for',
]

export interface GeneratedRequest {
  method: string
  path: string
  headers: Record<string, string>
  body: string | undefined
}

const seldom = <T>(every: number, arbitrary: fc.Arbitrary<T>) =>
  fc.oneof({ weight: every - 1, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })
const escape = (text: string) => encodeURIComponent(text.toWellFormed())

/** One to three fields or parameters of a valid request are replaced. Bodies are also cut, or no JSON at all. */
function requestOf(operation: Operation): fc.Arbitrary<GeneratedRequest> {
  const names = [...Object.keys(operation.inPath), ...Object.keys(operation.query)]
  const fields = Object.keys(operation.body ?? {})
  const some = (of: string[]) => fc.subarray(of, { maxLength: Math.min(3, of.length) })
  return fc
    .record({
      parameters: some(names).chain(chosen => fc.record(Object.fromEntries(chosen.map(name => [name, oddText])))),
      body: some(fields).chain(chosen => fc.record(Object.fromEntries(chosen.map(name => [name, oddValue])))),
      more: fc.dictionary(fc.string({ maxLength: 12 }), fc.jsonValue({ maxDepth: 2 }), { maxKeys: 2 }),
      cut: seldom(6, fc.double({ min: 0, max: 1, noNaN: true })),
      authorization: seldom(20, oddHeader), // mostly the token of the sender

      headers: some(HEADERS).chain(chosen => fc.record(Object.fromEntries(chosen.map(name => [name, oddHeader])))),
    })
    .map(({ parameters, body, more, cut, authorization, headers }) => {
      const replaced = Object.fromEntries(Object.entries(parameters).map(([name, text]) => [name, escape(String(text))]))
      const text = operation.body && JSON.stringify({ ...operation.body, ...more, ...body })
      const sent =
        text === undefined || operation.method === 'GET' ? undefined : text.slice(0, cut === undefined ? undefined : cut * text.length)
      const json: Record<string, string> = sent === undefined ? {} : { 'content-type': 'application/json' }
      return {
        method: operation.method,
        path: targetOf(operation, replaced),
        headers: { ...json, ...headers, ...(authorization === undefined ? {} : { authorization }) },
        body: sent,
      }
    })
}

/** A server that has no capacity says so, and is asked again: that is no error. */
async function fetchPatiently(url: string, request: RequestInit): Promise<Response> {
  for (let tries = 1; ; tries++) {
    const answer = await fetch(url, request)
    const text = await answer.text()
    if (answer.status !== 503 || !BUSY.test(text) || tries === TRIES_MAX) return answer
    await pause(100)
  }
}
/** The database, or the one password that is checked at a time. */
const BUSY = /The service is busy|Too many are signing in/
const TRIES_MAX = 100

/** `count` requests, all operations in turns, each as one of its senders. */
export function generateRequests(
  operations: Operation[],
  { sendersOf, count, seed }: { sendersOf: (operation: Operation) => (string | undefined)[]; count: number; seed: number },
): GeneratedRequest[] {
  return operations.flatMap((operation, i) => {
    const senders = sendersOf(operation)
    const requests = fc.sample(requestOf(operation), { numRuns: Math.ceil(count / operations.length), seed: seed + i })
    return requests.map(({ headers, ...request }, turn) => {
      const token = senders[turn % senders.length]
      return { ...request, headers: { ...(token ? { authorization: `Bearer ${token}` } : {}), ...headers } }
    })
  })
}

/** Returns the answers that are errors of the server, and how often each status came. */
export async function sendGenerated(product: Product, requests: GeneratedRequest[]) {
  const troubles: { request: GeneratedRequest; status: number }[] = []
  const statuses: Record<number, number> = {}
  await sendAll(
    requests.map(request => async () => {
      const { status } = await fetchPatiently(product.url + request.path, request)
      statuses[status] = (statuses[status] ?? 0) + 1
      if (status >= 500) troubles.push({ request, status })
    }),
  )
  return { troubles, statuses }
}
