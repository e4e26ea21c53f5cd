import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import { clientOf } from '../../base/network.ts'
import { invalid } from '../../base/problem.ts'
import { bearerTokenIn } from '../../http/bearer-token.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Id, Optional } from '../../http/wire.ts'
import { Code, Mobile, Tokens } from './accounts.schema.ts'
import type { Accounts, SignInClient } from './accounts.ts'
import type { Sessions } from './sessions.ts'

const MobileParams = Type.Object({ mobile: Mobile })
const SignInBody = Type.Object({ mobile: Mobile, code: Code })
const StudioTokens = Type.Object({ ...Tokens.properties, id: Id(), name: Type.String(), photo: Type.String() })
/** With a new refresh token if the client asked for one. */
const RenewedTokens = Type.Object({ token: Type.String(), refresh_token: Optional(Type.String()) })

const signInClientOf = ({ ip, headers }: FastifyRequest): SignInClient => ({
  ...clientOf(ip),
  // Browsers send some 120 characters. The text is shown to its reader only.
  agent: (headers['user-agent'] ?? '').slice(0, AGENT_LENGTH_MAX),
  language: headers['accept-language'],
})
const AGENT_LENGTH_MAX = 200

export const accountRoutes =
  (accounts: Accounts, sessions: Sessions, surface: 'app' | 'studio'): Routes =>
  async server => {
    server.get(
      '/sms/codes/:mobile',
      {
        config: { access: 'public', refuses: ['too-many'] },
        exposeHeadRoute: false, // a GET of this path sends a message
        schema: { params: MobileParams, response: { 200: Envelope(MobileParams) } },
      },
      async ({ params, ip }) => {
        await accounts.sendCode(params.mobile, surface, clientOf(ip))
        return { message: 'OK' as const, data: { mobile: params.mobile } }
      },
    )

    if (surface === 'app')
      server.post(
        '/authorizations',
        {
          config: { access: 'public', refuses: ['invalid', 'forbidden', 'too-many'] },
          schema: { body: SignInBody, response: { 201: Envelope(Tokens) } },
        },
        async (request, reply) => {
          const data = await accounts.signIn(request.body.mobile, request.body.code, signInClientOf(request))
          return reply.code(201).send({ message: 'OK', data })
        },
      )
    else
      server.post(
        '/authorizations',
        {
          config: { access: 'public', refuses: ['invalid', 'forbidden', 'too-many'] },
          schema: { body: SignInBody, response: { 201: Envelope(StudioTokens) } },
        },
        async (request, reply) => {
          const data = await accounts.signInToStudio(request.body.mobile, request.body.code, signInClientOf(request))
          return reply.code(201).send({ message: 'OK', data })
        },
      )

    // Clients send the refresh token in the Authorization header, with any body or none. `{"rotate":true}` replaces it.
    server.put(
      '/authorizations',
      { config: { access: 'public', refuses: ['invalid', 'forbidden'] }, schema: { response: { 201: Envelope(RenewedTokens) } } },
      async ({ headers, body }, reply) => {
        const { rotate = false } = (body ?? {}) as { rotate?: unknown }
        if (typeof rotate !== 'boolean') throw invalid('rotate must be true or false')
        const data = await sessions.renew(bearerTokenIn(headers.authorization), { rotate })
        return reply.code(201).send({ message: 'OK', data })
      },
    )
  }
