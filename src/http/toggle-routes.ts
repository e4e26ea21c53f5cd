// The pair of routes by which a reader puts a mark on something and takes it away again. Either may be repeated.

import { Type } from 'typebox'
import { type ReaderId } from '../base/id.ts'
import { readerOf } from './access.ts'
import type { Routes } from './routes.ts'
import { Envelope, Id } from './wire.ts'

export interface Toggle<I extends bigint> {
  /** What a caller hears whose `target` is no id. */
  refusal: string
  add(reader: ReaderId, target: I, trace: string | undefined): Promise<unknown>
  remove(reader: ReaderId, target: I): Promise<unknown>
}

const LOGIN = { access: 'login' } as const

/** `POST path {target}` and `DELETE path/:id`. */
export function addToggle<I extends bigint>(server: Parameters<Routes>[0], path: string, { refusal, add, remove }: Toggle<I>): void {
  const Target = Type.Object({ target: Id<I>({ refusal }) }, { refusal })
  const Marked = Envelope(Type.Object({ target: Id<I>() }))

  server.post(path, { config: LOGIN, schema: { body: Target, response: { 201: Marked } } }, async (request, reply) => {
    const { target } = request.body
    await add(readerOf(request), target, traceHeaderOf(request.headers))
    return reply.code(201).send({ message: 'OK', data: { target } })
  })

  const One = Type.Object({ id: Id<I>() })
  server.delete(`${path}/:id`, { config: LOGIN, schema: { params: One, response: { 204: Type.Null() } } }, async (request, reply) => {
    await remove(readerOf(request), request.params.id)
    return reply.code(204).send(null)
  })
}

/** The trace a client sent along, ours or not. */
export function traceHeaderOf(headers: Record<string, unknown>): string | undefined {
  return typeof headers.trace === 'string' && headers.trace !== '' ? headers.trace : undefined
}
