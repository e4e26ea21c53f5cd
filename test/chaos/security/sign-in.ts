// Guessing, pumping and telling numbers apart at the sign-in, from as many addresses as mallory likes to have: the product
// is behind a proxy, and each address is one that the proxy has seen.

import assert from 'node:assert/strict'
import type { ReaderId } from '../../../src/base/id.ts'
import type { Answer, Product } from '../../support/product.ts'
import type { SmsProvider } from '../../support/sms-provider.ts'

export interface SignIn {
  requestCode(mobile: string, address: string, surface?: string): Promise<Answer>
  signIn(mobile: string, code: string, address: string, surface?: string): Promise<Answer>
}

export function createSignIn(product: Product): SignIn {
  const from = (address: string) => ({ headers: { 'x-forwarded-for': address } })
  return {
    requestCode: (mobile, address, surface = 'app') =>
      product.request('GET', `/${surface}/v1_0/sms/codes/${mobile}`, undefined, from(address)),
    signIn: (mobile, code, address, surface = 'app') =>
      product.request('POST', `/${surface}/v1_0/authorizations`, { mobile, code }, from(address)),
  }
}

/** Sixty-four addresses of a network, then those of the next. */
export const addressOf = (i: number) => `100.${64 + (i >> 14)}.${(i >> 6) & 255}.${1 + (i & 63)}`
const otherCode = (code: string, i: number) => String((Number(code) + 1 + i) % 1_000_000).padStart(6, '0')

/** Guesses a code from many addresses at once. Returns how often a guess was compared with the code, and how it ended. */
export async function guess(product: Product, provider: SmsProvider, { guesses, addresses }: { guesses: number; addresses: number }) {
  const { requestCode, signIn } = createSignIn(product)
  const mobile = '13911112222'
  assert.equal((await requestCode(mobile, '192.0.2.1')).status, 200)
  const code = provider.codeOf(mobile)
  const answers = await Promise.all(Array.from({ length: guesses }, (_, i) => signIn(mobile, otherCode(code, i), addressOf(i % addresses))))
  const { tries_left } = await product.db.selectFrom('sms_code').select('tries_left').where('mobile', '=', mobile).executeTakeFirstOrThrow()
  return {
    compared: 5 - tries_left,
    statuses: new Set(answers.map(({ status }) => status)),
    right: (await signIn(mobile, code, '192.0.2.1')).status,
  }
}

/** Sends one code many times at once, `rounds` times. Returns how many sign-ins succeeded each time. */
export async function useAtOnce(product: Product, provider: SmsProvider, { times, rounds }: { times: number; rounds: number }) {
  const { requestCode, signIn } = createSignIn(product)
  const successes: number[] = []
  for (let round = 0; round < rounds; round++) {
    const mobile = String(13_700_010_000 + round)
    await requestCode(mobile, addressOf(round * 64))
    const code = provider.codeOf(mobile)
    const answers = await Promise.all(Array.from({ length: times }, (_, i) => signIn(mobile, code, addressOf(round * 64 + i))))
    assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([201, 400]))
    successes.push(answers.filter(({ status }) => status === 201).length)
  }
  return successes
}

/** Asks for codes for ever new numbers from ever new addresses of one network. Returns how many were sent. */
export async function pump(product: Product, provider: SmsProvider, requests: number) {
  const { requestCode } = createSignIn(product)
  const before = provider.sent.length
  const statuses = new Map<number, number>()
  for (let i = 0; i < requests; i += 50)
    await Promise.all(
      Array.from({ length: 50 }, async (_, n) => {
        const { status } = await requestCode(String(13_600_000_000 + i + n), `198.51.100.${(i + n) % 256}`)
        statuses.set(status, (statuses.get(status) ?? 0) + 1)
      }),
    )
  return { sent: provider.sent.length - before, statuses }
}

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number

/**
 * Asks for codes and guesses them, with numbers of readers and with numbers that have no account, in turns. The answers must
 * not differ but for the number. Returns by how much the medians of the times do.
 */
export async function tellApart(product: Product, pairs: number): Promise<{ sendMs: number; guessMs: number }> {
  const { requestCode, signIn } = createSignIn(product)
  const known = Array.from({ length: pairs }, (_, i) => String(13_500_000_000 + i))
  await product.db
    .insertInto('reader')
    .values(known.map((mobile, i) => ({ id: BigInt(1_000 + i) as ReaderId, mobile, name: `k${i}`, is_verified: i % 2 === 0 })))
    .execute()
  const times = { send: [[], []] as [number[], number[]], guess: [[], []] as [number[], number[]] }
  for (const [i, reader] of known.entries())
    for (const surface of ['app', 'mp']) {
      const seen: unknown[] = []
      const numbers = [reader, String(13_400_000_000 + i)]
      for (const which of i % 2 ? [0, 1] : [1, 0]) {
        const mobile = numbers[which] as string
        const began = performance.now()
        const sent = await requestCode(mobile, addressOf(2 * i + which), surface)
        const between = performance.now()
        const guessed = await signIn(mobile, '000000', addressOf(2 * i + which), surface)
        times.send[which as 0 | 1].push(between - began)
        times.guess[which as 0 | 1].push(performance.now() - between)
        seen.push([sent.status, sent.text.replace(mobile, ''), guessed.status, guessed.text])
      }
      assert.deepEqual(seen[0], seen[1], surface)
    }
  const difference = ([left, right]: [number[], number[]]) => Math.abs(median(left) - median(right))
  return { sendMs: difference(times.send), guessMs: difference(times.guess) }
}
