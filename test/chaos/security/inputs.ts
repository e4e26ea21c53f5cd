// Generated requests: an operation with mutated parameters, headers and body.

import { once } from 'node:events'
import { Worker } from 'node:worker_threads'
import fc from 'fast-check'
import { type Operation, targetOf } from '../../support/operations.ts'
import type { Product } from '../../support/product.ts'

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

export interface Sent {
  /** The answers that are errors of the server. */
  troubles: { request: GeneratedRequest; status: number }[]
  /** How often each status came. */
  statuses: Record<number, number>
}

export async function sendGenerated({ url }: Product, requests: GeneratedRequest[]): Promise<Sent> {
  const worker = new Worker(new URL('./sender.worker.ts', import.meta.url), { workerData: { url, requests } })
  const [sent] = await once(worker, 'message')
  await worker.terminate()
  return sent
}
