// Chat between readers, under /v1. A chat is addressed by the other reader.

import { Type } from 'typebox'
import type { ReaderId } from '../../base/id.ts'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, Id, Int, NO_CONTENT, Optional, TypedTextOrNull } from '../../http/wire.ts'
import { ChatList, ChatMessage, MessageBody, MessageList } from './chat.schema.ts'
import { type Chat, REMARK_MAX } from './chat.ts'

const SEQ_MAX = 2 ** 31 - 1
const LIMIT = { limit: Optional(Int(1, 100)) }
const DEFAULT_LIMIT = 20
const Chats = Type.Object({ before: Optional(Id()), ...LIMIT })
const Reader = Type.Object({ reader: Id<ReaderId>() })
const Message = Type.Object({ reader: Id<ReaderId>(), seq: Int(1, SEQ_MAX) })
/** `after=0`: from the first on. With both, `after` counts. */
const Messages = Type.Object({ after: Optional(Int(0, SEQ_MAX)), before: Optional(Int(1, SEQ_MAX)), ...LIMIT })
const Receipts = Type.Object({ delivered: Optional(Int(0, SEQ_MAX)), read: Optional(Int(0, SEQ_MAX)) })
/** As for comments. */
const Report = Type.Object({ type: Int(0, 8), remark: Optional(TypedTextOrNull(REMARK_MAX)) })
const Unread = Type.Object({ unread: Count() })

export const chatRoutes =
  (chat: Chat): Routes =>
  async server => {
    const login = { config: { access: 'login' as const } }

    server.get('/chats', { ...login, schema: { querystring: Chats, response: { 200: Envelope(ChatList) } } }, async request => {
      const { before = null, limit = DEFAULT_LIMIT } = request.query
      return { message: 'OK' as const, data: await chat.list(readerOf(request), { before, limit }) }
    })

    server.get('/chats/unread', { ...login, schema: { response: { 200: Envelope(Unread) } } }, async request => ({
      message: 'OK' as const,
      data: await chat.countUnread(readerOf(request)),
    }))

    server.get(
      '/chats/:reader/messages',
      { ...login, schema: { params: Reader, querystring: Messages, response: { 200: Envelope(MessageList) } } },
      async request => {
        const { after, before, limit = DEFAULT_LIMIT } = request.query
        return { message: 'OK' as const, data: await chat.listMessages(readerOf(request), request.params.reader, { after, before, limit }) }
      },
    )

    server.post(
      '/chats/:reader/messages',
      {
        ...login,
        schema: { params: Reader, body: MessageBody, response: { 201: Envelope(ChatMessage) } },
      },
      async (request, reply) => {
        const { client_id, text } = request.body
        const data = await chat.send(readerOf(request), request.params.reader, {
          clientId: client_id,
          text,
          origin: request.headers.origin,
        })
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.post(
      '/chats/:reader/receipts',
      { ...login, schema: { params: Reader, body: Receipts, response: { 200: Envelope(Unread) } } },
      async request => ({ message: 'OK' as const, data: await chat.confirm(readerOf(request), request.params.reader, request.body) }),
    )

    server.delete('/chats/:reader', { ...login, schema: { params: Reader, response: NO_CONTENT } }, async (request, reply) => {
      await chat.clear(readerOf(request), request.params.reader)
      return reply.code(204).send(null)
    })

    server.delete(
      '/chats/:reader/messages/:seq',
      { ...login, schema: { params: Message, response: NO_CONTENT } },
      async (request, reply) => {
        await chat.deleteMessage(readerOf(request), request.params.reader, request.params.seq)
        return reply.code(204).send(null)
      },
    )

    server.post(
      '/chats/:reader/messages/:seq/reports',
      { ...login, schema: { params: Message, body: Report, response: NO_CONTENT } },
      async (request, reply) => {
        const { reader, seq } = request.params
        const { type, remark } = request.body
        await chat.report(readerOf(request), reader, { seq, type, remark: remark ?? undefined })
        return reply.code(204).send(null)
      },
    )
  }
