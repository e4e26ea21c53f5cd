import { Type } from 'typebox'
import { readerOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, NO_CONTENT, Text } from '../../http/wire.ts'
import type { WebPush } from './web-push.ts'

const Endpoint = Text(1, 1_000)
/** As browsers serialise it: `JSON.stringify(subscription)`. A point of P-256 and 16 bytes, in base64url. */
const SubscribeBody = Type.Object({
  endpoint: Endpoint,
  keys: Type.Object({
    p256dh: Type.String({ pattern: '^[A-Za-z0-9_-]{87}=?$' }),
    auth: Type.String({ pattern: '^[A-Za-z0-9_-]{22}(==)?$' }),
  }),
})
const UnsubscribeBody = Type.Object({ endpoint: Endpoint })
const KeyResponse = Type.Object({ public_key: Type.String() })

export const webPushRoutes =
  (webPush: WebPush): Routes =>
  async server => {
    const login = { config: { access: 'login' as const } }
    server.get('/web-push/key', { ...login, schema: { response: { 200: Envelope(KeyResponse) } } }, async () => ({
      message: 'OK' as const,
      data: { public_key: webPush.publicKey },
    }))
    server.post(
      '/web-push/subscriptions',
      { config: { access: 'login', refuses: ['invalid'] }, schema: { body: SubscribeBody, response: NO_CONTENT } },
      async (request, reply) => {
        const { endpoint, keys } = request.body
        await webPush.subscribe(readerOf(request), { endpoint, ...keys })
        return reply.code(204).send(null)
      },
    )
    server.delete(
      '/web-push/subscriptions',
      { ...login, schema: { body: UnsubscribeBody, response: NO_CONTENT } },
      async (request, reply) => {
        await webPush.unsubscribe(readerOf(request), request.body.endpoint)
        return reply.code(204).send(null)
      },
    )
  }
