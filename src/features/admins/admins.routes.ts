import { Type } from 'typebox'
import { clientNetwork } from '../../base/network.ts'
import { notFound } from '../../base/problem.ts'
import { administratorOf } from '../../http/access.ts'
import { bearerTokenIn } from '../../http/bearer-token.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Optional } from '../../http/wire.ts'
import type { Admins } from './admins.ts'

const MISSING = { refusal: 'Missing params.' }
// Longer than any account or password can be. Some clients also send the fields of a captcha; they are ignored.
const Credential = Type.String({ minLength: 1, maxLength: 200, ...MISSING })
// `otp`: the code of the second factor, for administrators who have set one up.
const SignInBody = Type.Object({ account: Credential, password: Credential, otp: Optional(Type.String({ maxLength: 40 })) }, MISSING)
/** Any text: no account is looked up. */
const CaptchaParams = Type.Object({ account: Type.String({ maxLength: 100 }) })
const Captcha = Type.Object({ success: Type.Literal(0), gt: Type.String(), challenge: Type.String(), new_captcha: Type.Literal(true) })
const OFFLINE = '0'.repeat(32) // as long as the provider's
const PasswordBody = Type.Object({ old_password: Credential, password: Credential }, MISSING)
const Session = Type.Object({
  token: Type.String(),
  refresh_token: Type.String(),
  administrator_id: Id(),
  group_id: Type.Integer(),
  name: Type.String(),
  permission_tree: Type.Array(Type.Unknown()),
})
const Done = Type.Object({ message: Type.Literal('ok') })

/** The sign-in routes of the contract's admin API. */
export const adminRoutes =
  (admins: Admins): Routes =>
  async server => {
    // The captcha's offline form: clients sign in without asking its provider.
    server.get(
      '/captchas/:account',
      { config: { access: 'public' }, schema: { params: CaptchaParams, response: { 200: Envelope(Captcha) } } },
      async () => ({ message: 'OK' as const, data: { success: 0 as const, gt: OFFLINE, challenge: OFFLINE, new_captcha: true as const } }),
    )

    server.post(
      '/authorizations',
      {
        config: { access: 'public', refuses: ['forbidden', 'too-many'] },
        schema: { body: SignInBody, response: { 201: Envelope(Session) } },
      },
      async ({ body, ip }, reply) => {
        const data = await admins.signIn(body.account, body.password, clientNetwork(ip), body.otp)
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    // The contract's helper for tests gave tokens without a password here.
    server.get('/authorizations', { config: { access: 'public' }, schema: { hide: true } }, async () => {
      throw notFound('There is nothing here to read.')
    })

    const AccessToken = Type.Object({ token: Type.String() })
    server.put(
      '/authorizations',
      { config: { access: 'public', refuses: ['forbidden'] }, schema: { response: { 201: Envelope(AccessToken) } } },
      async ({ headers }, reply) => {
        const data = await admins.renew(bearerTokenIn(headers.authorization))
        return reply.code(201).send({ message: 'OK', data })
      },
    )

    server.put(
      '/password',
      {
        config: { access: 'admin', permission: null, refuses: ['invalid', 'too-many'] },
        schema: { body: PasswordBody, response: { 201: Done } },
      },
      async (request, reply) => {
        await admins.changePassword(administratorOf(request), request.body.old_password, request.body.password)
        return reply.code(201).send({ message: 'ok' })
      },
    )
  }
