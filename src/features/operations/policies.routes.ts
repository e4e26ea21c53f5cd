// Ranking policies, for administrators: which one ranks, its history, try another on the log, put it into use.

import { type Static, Type } from 'typebox'
import { invalid } from '../../base/problem.ts'
import { operatorOf } from '../../http/access.ts'
import type { Routes } from '../../http/routes.ts'
import { Envelope, Int, NO_CONTENT, Optional, Text } from '../../http/wire.ts'
import { POLICY_BYTES_MAX, POLICY_VERSION_MAX } from '../../recommend/contract.ts'
import type { TriedPolicy } from '../../recommend/off-policy/own-log.ts'
import { PoliciesView, PolicyView, TriedView } from './policies.schema.ts'
import type { OperatorPolicies } from './policies.ts'

const READ = { access: 'admin', permission: 'recommender-get', refuses: ['not-found'] } as const
const WRITE = { access: 'admin', permission: 'recommender-put', refuses: ['invalid', 'not-found', 'conflict'] } as const
/** As the command line has. */
const LISTED_MAX = 50
/** A character of the file may be two of the body: line ends, and the quotes of each name. */
const BODY_BYTES_MAX = 2 * POLICY_BYTES_MAX + 1_000

const Version = Int(0, POLICY_VERSION_MAX)
/** As it is written, so that a name that is there twice is seen. */
const File = Text(1, POLICY_BYTES_MAX)
/** `base`: the version that the operator saw ranking. */
const UseBody = Type.Object({ version: Version, base: Optional(Version) })

export const policyRoutes =
  (policies: OperatorPolicies): Routes =>
  async server => {
    const view = async (version: number) => ({ version, text: pretty(await policies.find(version)) })

    server.get('/policies', { config: READ, schema: { response: { 200: Envelope(PoliciesView) } } }, async () => {
      const [uses, stored] = [await policies.listUses(LISTED_MAX), await policies.list(LISTED_MAX)]
      const data = {
        live: await view(await policies.liveVersion()),
        defaults: pretty(await policies.find(0)),
        uses: uses.map(({ since, until, ...use }) => ({ ...use, since: since.toISOString(), until: until?.toISOString() ?? null })),
        stored: stored.map(({ version, name, madeAt, madeBy, usedAt }) => ({
          version,
          name,
          at: madeAt.toISOString(),
          by: madeBy,
          used: usedAt?.toISOString() ?? null,
        })),
      }
      return { message: 'OK' as const, data }
    })

    server.get(
      '/policies/:version',
      { config: READ, schema: { params: Type.Object({ version: Version }), response: { 200: Envelope(PolicyView) } } },
      async ({ params }) => ({ message: 'OK' as const, data: await view(params.version) }),
    )

    server.post(
      '/policies',
      {
        config: WRITE,
        bodyLimit: BODY_BYTES_MAX,
        schema: { body: Type.Object({ text: File }), response: { 201: Envelope(Type.Object({ version: Version })) } },
      },
      async (request, reply) => {
        const version = await policies.add(operatorOf(request), policies.parse(request.body.text))
        return reply.code(201).send({ message: 'OK', data: { version } })
      },
    )

    server.post(
      '/policies/trials',
      {
        config: WRITE,
        bodyLimit: BODY_BYTES_MAX,
        schema: { body: Type.Object({ text: Optional(File), version: Optional(Version) }), response: { 200: Envelope(TriedView) } },
      },
      async ({ body: { text, version } }) => {
        if ((text === undefined) === (version === undefined)) throw invalid('either text or version is required')
        const document = text === undefined ? await policies.find(version as number) : policies.parse(text)
        return { message: 'OK' as const, data: toTriedView(await policies.try(document)) }
      },
    )

    server.put('/policies/live', { config: WRITE, schema: { body: UseBody, response: NO_CONTENT } }, async (request, reply) => {
      await policies.use(operatorOf(request), request.body.version, request.body.base)
      return reply.code(204).send(null)
    })
  }

const pretty = (document: object) => JSON.stringify(document, null, 2)

function toTriedView(tried: TriedPolicy): Static<typeof TriedView> {
  const { pages, viewers, clicks, not_estimated, values } = tried
  const of = (name: keyof NonNullable<typeof values>) => {
    const { value, ci95 } = (values as NonNullable<typeof values>)[name]
    return { value, low: ci95[0], high: ci95[1] }
  }
  return {
    refused: tried.refused ?? null,
    pages,
    viewers,
    clicks,
    since: tried.since?.toISOString() ?? null,
    left_out: Object.values(tried.left_out).reduce((sum, count) => sum + count, tried.without_ranking),
    support: tried.support ?? null,
    effective_pages: tried.effective_pages ?? null,
    not_estimated,
    values: values ? { logged: of('logged'), dr: of('dr'), snips: of('snips'), ips: of('ips'), gain: of('gain') } : null,
  }
}
