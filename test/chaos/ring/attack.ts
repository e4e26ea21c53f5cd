// What one address can send to lift an article: openings without identity, devices that it makes up, batches of every action,
// pairs with what many read; and, at last, an account.

import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import type { ArticleId } from '../../../src/base/id.ts'
import type { Random } from '../../../src/base/seeded-random.ts'
import type { Product } from '../../support/product.ts'

const OPENINGS = 100
const DEVICES = 40
const ANONYMOUS_EVENTS = 50
const AT_ONCE = 20
/** Added to the number of an address, it makes another: as good as a day later. */
const NEXT_DAY = 30_000

export function createAttack(product: Product, { popular, random }: { popular: ArticleId[]; random: Random }) {
  let requests = 0

  /** Each address is in a network of its own. */
  const headersOf = (nth: number, authorization?: string) => ({
    'x-forwarded-for': `203.${nth >> 8}.${nth & 255}.7`,
    ...(authorization ? { authorization } : {}),
  })
  const event = (action: string, article_id: ArticleId) => ({ id: randomUUID(), action, article_id, at: Date.now() })

  async function send(method: string, path: string, json: unknown, headers: Record<string, string>): Promise<void> {
    requests++
    const { status } = await product.request(method, path, json, { headers })
    if (status >= 300) throw new Error(`${method} ${path}: ${status}`)
  }

  async function inParallel(tasks: (() => Promise<void>)[]): Promise<void> {
    for (let i = 0; i < tasks.length; i += AT_ONCE) await Promise.all(tasks.slice(i, i + AT_ONCE).map(task => task()))
  }

  return {
    requests: () => requests,

    async sendAsStrangers(nth: number, targets: ArticleId[]): Promise<void> {
      const tasks: (() => Promise<void>)[] = []
      for (const target of targets) {
        const path = `/app/v1_0/articles/${target}`
        for (let i = 0; i < OPENINGS; i++) tasks.push(() => send('GET', path, undefined, headersOf(nth)))
        for (let i = 0; i < DEVICES; i++) {
          const headers = headersOf(nth, `Anony ${i % 8 === 0 ? 'undefined' : `mallory-${nth}-${target}-${i}`}`)
          const events = ['click', 'read', 'share'].map(action => event(action, target))
          tasks.push(() => send('POST', '/v1/behaviours', { events: [event('click', random.pick(popular)), ...events] }, headers))
          tasks.push(() => send('GET', path, undefined, headers))
        }
        const events = Array.from({ length: ANONYMOUS_EVENTS }, (_, i) => event(i % 2 === 0 ? 'click' : 'share', target))
        tasks.push(() => send('POST', '/v1/behaviours', { events }, headersOf(nth)))
      }
      await inParallel(tasks)
    },

    /** Devices that were noted a week ago, each with articles to do something with. More of them than an address may have. */
    async sendAsPatientDevices(nth: number, targets: ArticleId[]): Promise<void> {
      const devices = Array.from({ length: DEVICES }, (_, i) => `patient-${nth}-${i}`)
      await inParallel(
        devices.map(
          id => () =>
            send('POST', '/v1/behaviours', { events: [event('exposure', popular[0] as ArticleId)] }, headersOf(nth, `Anony ${id}`)),
        ),
      )
      await sql`update device set first_at = now() - interval '8 days' where viewer like 'dpatient-%'`.execute(product.db)
      // On the next day: each address has its points again.
      const headers = (id: string) => headersOf(nth + NEXT_DAY, `Anony ${id}`)
      for (const target of targets)
        await inParallel(devices.map(id => () => send('GET', `/app/v1_0/articles/${target}`, undefined, headers(id))))
    },

    async sendAsAccount(nth: number, targets: ArticleId[]): Promise<void> {
      const mallory = await product.signIn('mallory', String(13_500_000_000 + nth))
      for (const target of targets) {
        const headers = headersOf(nth, `Bearer ${mallory.token}`)
        await send('GET', `/app/v1_0/articles/${target}`, undefined, headers)
        const events = ['click', 'read', 'like', 'collect', 'share'].map(action => event(action, target))
        await send('POST', '/v1/behaviours', { events }, headers)
      }
    },
  }
}
