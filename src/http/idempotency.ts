// `Idempotency-Key` on POSTs under /v1, and on those that say so: a request that is sent again with the same key is carried out once, and gets the same
// answer for a day. Viewers without an identity have no keys of their own, so theirs are ignored.

import { createHash } from 'node:crypto'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { clientOf } from '../base/network.ts'
import { conflict, invalid } from '../base/problem.ts'
import { viewerKeyOf } from '../base/viewer-key.ts'
import type { Db } from '../engines/database/database.ts'
import { forgetRequest, startRequest, storeAnswer } from '../engines/idempotency/stored-answers.sql.ts'
import { type RateLimit, type RateLimiter, takePoint } from '../engines/limits/rate-limiter.ts'
import { takesIdempotencyKey } from './refusals.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The hash of the key that this request has claimed. */
    idempotencyKey: Buffer | undefined
  }
}

/** Each key is a row for a day. */
export const KEY_LIMIT: RateLimit = { name: 'idempotency', points: 600, seconds: 3_600 }
export const KEY_PATTERN = '^[!-~]{1,255}$'
const KEY = new RegExp(KEY_PATTERN)
const BODY_LENGTH_MAX = 16_384 // of a stored answer; those to POSTs are short. The key of a longer one is held as after a 500

export interface IdempotencyNeeds {
  db: Db
  keyLimiter: RateLimiter
}

export function addIdempotency(server: FastifyInstance, { db, keyLimiter }: IdempotencyNeeds): void {
  server.decorateRequest('idempotencyKey', undefined)

  // With callbacks: requests without a key, such as those of the feed, do not wait for a promise.
  server.addHook('preHandler', (request, reply, done) => {
    const given = request.headers['idempotency-key']
    if (given === undefined) return done()
    const { method, url, routeOptions } = request
    if (!takesIdempotencyKey({ method, url, config: routeOptions.config })) return done()
    const sender = senderOf(request)
    if (sender === undefined) return done()
    // Without `done` the route is not called.
    startOrReplay(request, reply, sender, given).then(isReplayed => isReplayed || done(), done)
  })

  /** Returns whether the stored answer was sent. */
  async function startOrReplay(request: FastifyRequest, reply: FastifyReply, sender: string, given: string | string[]): Promise<boolean> {
    if (typeof given !== 'string' || !KEY.test(given)) throw invalid('Idempotency-Key has 1 to 255 visible ASCII characters.')
    // A device names itself, and could be a new one with each request.
    await takePoint(keyLimiter, request.viewer.kind === 'device' ? clientOf(request.ip).address : sender)
    const key = hash(`${sender} ${given}`)
    const started = await startRequest(db, { key, fingerprint: hash(`${request.url} ${asText(request.body)}`) })
    if (started === 'busy') throw conflict('A request with this Idempotency-Key is under way.')
    if (started === 'other') throw invalid('This Idempotency-Key was used for another request.')
    if (started === 'started') {
      request.idempotencyKey = key
      return false
    }
    reply.code(started.status).header('idempotency-replayed', 'true')
    if (started.body !== '') reply.type('application/json; charset=utf-8')
    reply.send(started.body)
    return true
  }

  // Before the client has the answer: a client that has it, and sends the request again, gets the same one.
  server.addHook('onSend', (request, reply, payload, done) => {
    const key = request.idempotencyKey
    if (!key) return done(null, payload)
    keepAnswer(key, reply, payload ?? '').then(() => done(null, payload), done)
  })

  async function keepAnswer(key: Buffer, reply: FastifyReply, body: unknown): Promise<void> {
    const { statusCode: status } = reply
    // The request may have changed something: a repetition is told that it is under way, until it counts as lost.
    if (status === 500) return
    // Refusals changed nothing, and what is not to be stored, such as recovery codes, is not stored here either.
    if (status >= 300 || isPrivate(reply)) return forgetRequest(db, key)
    if (typeof body === 'string' && body.length <= BODY_LENGTH_MAX) await storeAnswer(db, key, { status, body })
  }
}

const isPrivate = (reply: { getHeader(name: string): unknown }) => reply.getHeader('cache-control') === 'no-store'

const senderOf = ({ viewer, administrator }: FastifyRequest): string | undefined =>
  administrator ? `a${administrator.id}` : viewerKeyOf(viewer)

const hash = (text: string) => createHash('sha256').update(text).digest()
const asText = (body: unknown) => JSON.stringify(body, (_, value) => (typeof value === 'bigint' ? `${value}n` : value)) ?? ''
