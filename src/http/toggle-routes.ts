// The two routes of a toggle, such as a like or a following: one sets it, one clears it. Both may be repeated.

import { Type } from 'typebox'
import { type ReaderId } from '../base/id.ts'
import { isMissing } from '../base/missing.ts'
import { type Access, readerOf } from './access.ts'
import type { Routes } from './routes.ts'
import { Envelope, Id } from './wire.ts'

export interface Toggle<I extends bigint> {
  /** The message for a `target` that is not an id. */
  refusal: string
  add(reader: ReaderId, target: I, trace: string | undefined): Promise<unknown>
  remove(reader: ReaderId, target: I): Promise<unknown>
  /** Default: every signed-in reader. */
  access?: Extract<Access, 'login' | 'studio'>
}

/** `POST path {target}` and `DELETE path/:id`. */
export function addToggle<I extends bigint>(
  server: Parameters<Routes>[0],
  path: string,
  { refusal, add, remove, access = 'login' }: Toggle<I>,
): void {
  const config = { access }
  const Body = Type.Object({ target: Id<I>({ refusal }) }, { refusal })
  const Response = Envelope(Type.Object({ target: Id<I>() }))

  server.post(
    path,
    { config: { access, refuses: ['invalid'] }, schema: { body: Body, response: { 201: Response } } },
    async (request, reply) => {
      const { target } = request.body
      await add(readerOf(request), target, traceHeaderOf(request.headers))
      return reply.code(201).send({ message: 'OK', data: { target } })
    },
  )

  const Params = Type.Object({ id: Id<I>() })
  server.delete(`${path}/:id`, { config, schema: { params: Params, response: { 204: Type.Null() } } }, async (request, reply) => {
    await remove(readerOf(request), request.params.id)
    return reply.code(204).send(null)
  })
}

/** The `Trace` header, which may be ours or another recommender's. Undefined if the client had no trace to send. */
export function traceHeaderOf(headers: Record<string, unknown>): string | undefined {
  return typeof headers.trace === 'string' && !isMissing(headers.trace) ? headers.trace : undefined
}
