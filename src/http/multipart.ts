// Requests that carry files. They are larger and slower than others, so their routes declare it (`config.upload`), and all
// together may occupy a bounded amount of memory.

import multipart from '@fastify/multipart'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { clientNetwork } from '../base/network.ts'
import { invalid, Problem, unavailable } from '../base/problem.ts'
import type { RouteScope } from './routes.ts'

declare module 'fastify' {
  interface FastifyContextConfig {
    /** The largest body, and for a form the fields that may hold files. It may take UPLOAD_TIMEOUT_MS to arrive. */
    upload?: { bytesMax: number; fields?: readonly string[] }
  }
}

/** Ten megabytes over a slow mobile line (1.4 Mbit/s). */
export const UPLOAD_TIMEOUT_MS = 60_000
/** Of all uploads that a process is receiving or working on. */
const MEMORY_MAX = 96 * 1024 * 1024
/** So that one household cannot keep all others out by uploading slowly. */
const MEMORY_PER_CLIENT_MAX = MEMORY_MAX / 3
/** Boundaries and part headers. */
const FORM_OVERHEAD = 64 * 1024
const LIMITS = { files: 10, fields: 20, parts: 30, fieldSize: 100_000, headerPairs: 20 } // no client sends more than five parts

/** Read to its end and discarded: a client that is cut off while it sends a photo from its camera would not get the answer. */
const DISCARDED_MAX = 64 * 1024 * 1024

const tooLarge = (declared = 0) =>
  new Problem('too-large', 'The file is too large.', { field: 'image', keepsConnection: declared <= DISCARDED_MAX })

/** For a feature that reads files. In its scope only: the parser has hooks, which cost each request that they see. */
export async function parseUploads(scope: RouteScope): Promise<void> {
  await (scope as unknown as FastifyInstance).register(multipart, { throwFileSizeLimit: false, limits: LIMITS })
}

/** Call it after authentication is added: who is refused occupies nothing. */
export function limitUploads(server: FastifyInstance): void {
  const used = new Map<string, number>()
  let usedByAll = 0
  const add = (client: string, bytes: number) => {
    const sum = (used.get(client) ?? 0) + bytes
    usedByAll += bytes
    if (sum > 0) used.set(client, sum)
    else used.delete(client)
  }

  server.addHook('onRequest', (request, reply, done) => {
    const upload = hasBody(request.headers) ? request.routeOptions.config.upload : undefined
    if (!upload) return done()
    const max = upload.bytesMax + FORM_OVERHEAD
    const declared = Number(request.headers['content-length'] ?? max)
    if (declared > max) return done(tooLarge(declared))
    const client = clientNetwork(request.ip)
    if (usedByAll + declared > MEMORY_MAX || (used.get(client) ?? 0) + declared > MEMORY_PER_CLIENT_MAX)
      return done(unavailable('Too many files are being uploaded. Please try again.'))
    add(client, declared)
    reply.raw.once('close', () => add(client, -declared))
    done()
  })
}

/** The files of a form by the names of their fields; others than the route declares are left out. Empty if the body is no form. */
export async function readUploads(request: FastifyRequest): Promise<Map<string, Buffer>> {
  const found = new Map<string, Buffer>()
  if (!request.isMultipart()) return found
  const { bytesMax = 0, fields = [] } = request.routeOptions.config.upload ?? {}
  let left = bytesMax
  try {
    for await (const part of request.parts({ limits: { ...LIMITS, fileSize: left } })) {
      if (part.type !== 'file') continue
      const pieces: Buffer[] = []
      for await (const piece of part.file as AsyncIterable<Buffer>) {
        left -= piece.length
        if (left < 0) throw tooLarge()
        pieces.push(piece)
      }
      if (part.file.truncated) throw tooLarge()
      if (fields.includes(part.fieldname)) found.set(part.fieldname, Buffer.concat(pieces))
    }
  } catch (err) {
    throw err instanceof Problem ? err : Object.assign(invalid('The form data cannot be read.'), { cause: err })
  }
  return found
}

/** Ends connections whose request body has not arrived in time, as Node does, but with a time for each route. */
export function limitBodyTime(server: FastifyInstance, timeoutMs: number): void {
  server.addHook('onRequest', (request, _reply, done) => {
    const { raw } = request
    if (!raw.complete && hasBody(raw.headers) && !request.routeOptions.config.upload) {
      const timer = setTimeout(() => {
        const error = Object.assign(new Error('the body took too long'), { code: 'ERR_HTTP_REQUEST_TIMEOUT' })
        if (!raw.complete) server.server.emit('clientError', error, raw.socket)
      }, timeoutMs)
      raw.once('close', () => clearTimeout(timer))
    }
    done()
  })
}

export const hasBody = (headers: FastifyRequest['headers']) =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length']) > 0
