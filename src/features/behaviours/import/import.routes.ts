// Behaviours of many viewers from another server: one that stands before the readers, or that has their history.

import { Type } from 'typebox'
import type { ImportResult } from '../../../base/import-result.ts'
import { operatorOf } from '../../../http/access.ts'
import type { Routes } from '../../../http/routes.ts'
import { Count, Envelope } from '../../../http/wire.ts'
import type { OperationLog } from '../../admins/operation-log.ts'
import type { BehaviourImport } from './import-behaviours.ts'

/** One transaction; a body has at most twelve thousand values. */
const LINES_MAX = 1_000
const BYTES_MAX = 1024 * 1024

// As in a file: what is wrong with a behaviour refuses it alone. What no body may have refuses all of it (http/json.ts).
const AnyBehaviour = Type.Unsafe<unknown>({
  description:
    '{reader_id or device_id, article_id or source_id, action, at, dwell_ms?, id?}: a line of `import behaviours` (docs/importing.md). ' +
    'The same one again is `unchanged`.',
})
const Body = Type.Object({ behaviours: Type.Array(AnyBehaviour, { maxItems: LINES_MAX }) })
const Result = Type.Object({
  read: Count(),
  added: Count(),
  unchanged: Count(),
  refused_count: Count(),
  refused: Type.Array(Type.Object({ line: Count(), reason: Type.String() })),
})

export const behaviourImportRoutes =
  (importBehaviours: BehaviourImport, operationLog: OperationLog): Routes =>
  async server => {
    server.post(
      '/behaviours::import', // "::" is one colon
      {
        config: { access: 'admin', permission: 'behaviour-list-post', refuses: ['invalid'] },
        bodyLimit: BYTES_MAX,
        schema: { body: Body, response: { 200: Envelope(Result) } },
      },
      async request => {
        const { behaviours } = request.body
        const data: ImportResult = await importBehaviours(numbered(behaviours), { total: behaviours.length })
        const { read, added, unchanged, refused_count } = data
        if (read > 0)
          await operationLog.record(operatorOf(request), {
            operation: 'import behaviours',
            description: `${read} read: ${added} added, ${unchanged} unchanged, ${refused_count} refused`,
          })
        return { message: 'OK' as const, data }
      },
    )
  }

/** From 1, as in a file. */
async function* numbered(values: readonly unknown[]) {
  for (const [i, value] of values.entries()) yield { line: i + 1, value }
}
