import { Type } from 'typebox'
import { clientOf } from '../../base/network.ts'
import type { Routes } from '../../http/routes.ts'
import { Count, Envelope, StringOrNull } from '../../http/wire.ts'
import { ACTIONS } from './event.ts'
import type { Events } from './events.ts'

const BATCH_MAX = 100
/** A hundred exposures of a hundred articles each, with a trace. */
const BATCH_BYTES_MAX = 256 * 1024

// The schema accepts anything: an invalid event is refused by itself, and the others of its batch are accepted.
const AnyEvent = Type.Unsafe<unknown>({
  description:
    `{id, action, article_id, trace?, dwell_ms?, at}. id: chosen by the client, 1 to 64 printable characters, the same when the event is sent ` +
    `again; a UUID if there is neither a reader nor a device id. action: ${ACTIONS.join(', ')}. at: milliseconds since 1970, or an ISO 8601 time with its zone. ` +
    `An exposure may have article_ids instead, or only the trace of a whole page. An action on an article counts once a day for each viewer. ` +
    `An event over a limit of its address is refused as "limited"; sending it again is of no use.`,
})

const Batch = Type.Object({ events: Type.Array(AnyEvent, { maxItems: BATCH_MAX }) })
const Result = Type.Object({
  accepted: Count(),
  repeated: Count(),
  refused: Type.Array(Type.Object({ index: Count(), id: StringOrNull(), reason: Type.String() })),
  untraced: Type.Array(Type.String()),
})

export const eventRoutes =
  (events: Events): Routes =>
  async server => {
    const schema = { body: Batch, response: { 202: Envelope(Result) } }
    server.post(
      '/behaviours',
      { config: { access: 'optional' }, bodyLimit: BATCH_BYTES_MAX, schema },
      async ({ viewer, body, ip }, reply) => {
        const data = await events.recordBatch(viewer, clientOf(ip), body.events)
        return reply.code(202).send({ message: 'OK', data })
      },
    )
  }
