import { Type } from 'typebox'
import { clientNetwork } from '../../base/network.ts'
import { bearerTokenIn } from '../../http/bearer-token.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id } from '../../http/wire.ts'
import { Tokens } from './accounts.schema.ts'
import type { Accounts } from './accounts.ts'

const Mobile = Type.String({ pattern: '^1[3-9]\\d{9}$' })
const MobileParams = Type.Object({ mobile: Mobile })
const SignInBody = Type.Object({ mobile: Mobile, code: Type.String({ pattern: '^\\d{6}$' }) })
const StudioTokens = Type.Object({ ...Tokens.properties, id: Id(), name: Type.String(), photo: Type.String() })
const AccessToken = Type.Object({ token: Type.String() })

export const accountRoutes =
  (accounts: Accounts, surface: 'app' | 'studio'): Routes =>
  async server => {
    server.get(
      '/sms/codes/:mobile',
      { config: { access: 'public' }, schema: { params: MobileParams, response: { 200: Envelope(MobileParams) } } },
      async ({ params, ip }) => {
        await accounts.sendCode(params.mobile, surface, clientNetwork(ip))
        return { message: 'OK' as const, data: { mobile: params.mobile } }
      },
    )

    if (surface === 'app')
      server.post(
        '/authorizations',
        { config: { access: 'public' }, schema: { body: SignInBody, response: { 201: Envelope(Tokens) } } },
        async ({ body }, reply) => {
          const data = await accounts.signIn(body.mobile, body.code)
          return reply.code(201).send({ message: 'OK', data })
        },
      )
    else
      server.post(
        '/authorizations',
        { config: { access: 'public' }, schema: { body: SignInBody, response: { 201: Envelope(StudioTokens) } } },
        async ({ body }, reply) => {
          const data = await accounts.signInToStudio(body.mobile, body.code)
          return reply.code(201).send({ message: 'OK', data })
        },
      )

    // Clients send the refresh token in the Authorization header, with any body or none.
    server.put(
      '/authorizations',
      { config: { access: 'public' }, schema: { response: { 201: Envelope(AccessToken) } } },
      async ({ headers }, reply) => {
        const data = await accounts.renew(bearerTokenIn(headers.authorization))
        return reply.code(201).send({ message: 'OK', data })
      },
    )
  }
