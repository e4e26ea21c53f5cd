// The public keys with which others can check our access tokens (RFC 7517).

import { Type } from 'typebox'
import type { PublicKey } from '../../base/token-pair.ts'
import type { Routes } from '../../http/routes.ts'

const text = Type.String()
const Keys = Type.Object({
  keys: Type.Array(Type.Object({ kty: text, crv: text, x: text, kid: text, use: text, alg: text })),
})
/** A new key signs at once. A verifier that knows only older keys asks again when a token names another. */
const CACHE = 'public, max-age=300'

export const publicKeyRoutes =
  (publicKeys: () => PublicKey[]): Routes =>
  async server => {
    server.get('/.well-known/jwks.json', { config: { access: 'public' }, schema: { response: { 200: Keys } } }, async (_request, reply) =>
      reply.header('cache-control', CACHE).send({ keys: publicKeys() }),
    )
  }
