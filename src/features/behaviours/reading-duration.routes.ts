import { Type } from 'typebox'
import type { ArticleId } from '../../base/id.ts'
import { clientOf } from '../../base/network.ts'
import type { Routes } from '../../http/routes.ts'
import { traceHeaderOf } from '../../http/toggle-routes.ts'
import { Id, Int } from '../../http/wire.ts'
import type { Behaviours } from './behaviours.ts'

/** Seconds, whole or not, as a number or as digits. */
const Seconds = Type.Union([Type.Number({ minimum: 0 }), Int(0, Number.MAX_SAFE_INTEGER)], {
  refusal: 'duration must be a number of 0 or more',
})
const Body = Type.Object({ duration: Seconds, art_id: Id<ArticleId>() })

/** Half of what all headers together may have: another recommender's trace may have any form. */
const TRACE_MAX = 8_192
const NO_TRACE = { refusal: 'The Trace header is required.' }
const Headers = Type.Object({ trace: Type.String({ minLength: 1, maxLength: TRACE_MAX, ...NO_TRACE }) }, NO_TRACE)

/** Records how long a reader stayed with an article. In the contract, the answer has no data. */
export const readingDurationRoutes =
  (behaviours: Behaviours): Routes =>
  async server => {
    const response = { 201: Type.Object({ message: Type.Literal('OK') }) }
    server.post(
      '/reading/durations',
      { config: { access: 'open' }, schema: { headers: Headers, body: Body, response } },
      async ({ viewer, body, headers, ip }, reply) => {
        // Without a trace of ours the duration cannot be attributed to a page, so it is not recorded.
        await behaviours.recordAction({
          viewer,
          client: clientOf(ip),
          action: 'read',
          articleId: body.art_id,
          trace: traceHeaderOf(headers),
          recordUntraced: false,
          seconds: body.duration,
        })
        return reply.code(201).send({ message: 'OK' })
      },
    )
  }
