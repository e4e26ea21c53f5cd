import { Type } from 'typebox'
import { clientNetwork } from '../../base/network.ts'
import { administratorOf } from '../../http/access.ts'
import { bearerTokenIn } from '../../http/bearer-token.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import type { Admins } from './admins.ts'

const MISSING = { refusal: 'Missing params.' }
// Longer than any account and password there can be. What a captcha would add is sent by some, and not looked at.
const Word = Type.String({ minLength: 1, maxLength: 200, ...MISSING })
const SignIn = Type.Object({ account: Word, password: Word }, MISSING)
const Passwords = Type.Object({ old_password: Word, password: Word }, MISSING)
const SignedIn = Type.Object({
  token: Type.String(),
  refresh_token: Type.String(),
  administrator_id: Id(),
  group_id: Type.Integer(),
  name: Type.String(),
  permission_tree: Type.Array(Type.Unknown()),
})
const Done = Type.Object({ message: Type.Literal('ok') })

/** Signing in, as the contract's admin API has it. */
export const adminRoutes =
  (admins: Admins): Routes =>
  async server => {
    server.post('/authorizations', { schema: { body: SignIn, response: { 201: Envelope(SignedIn) } } }, async ({ body, ip }, reply) => {
      const data = await admins.signIn(body.account, body.password, clientNetwork(ip))
      return reply.code(201).send({ message: 'OK', data })
    })

    const Token = Type.Object({ token: Type.String() })
    server.put('/authorizations', { schema: { response: { 201: Envelope(Token) } } }, async ({ headers }, reply) => {
      const data = await admins.renew(bearerTokenIn(headers.authorization))
      return reply.code(201).send({ message: 'OK', data })
    })

    server.put(
      '/password',
      { config: { access: 'admin' }, schema: { body: Passwords, response: { 201: Done } } },
      async (request, reply) => {
        await admins.changePassword(administratorOf(request), request.body.old_password, request.body.password)
        return reply.code(201).send({ message: 'ok' })
      },
    )
  }
