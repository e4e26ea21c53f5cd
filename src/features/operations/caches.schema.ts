import { Type } from 'typebox'
import { Count } from '../../http/wire.ts'
import { ProcessView } from './process.schema.ts'

const CacheLevel = Type.Object({
  /** `memory` of the process, or `redis`. `gate` refuses ids that no row can have. */
  level: Type.String(),
  requests: Count(),
  /** `hit`, `miss`, `absent` (known to have no row), `stale`, `joined` (waited for another request's load), … */
  outcomes: Type.Record(Type.String(), Count()),
})

const CacheView = Type.Object({
  name: Type.String(),
  /** In the memory of the process. */
  entries: Count(),
  absent: Count(),
  bytes: Count(),
  entries_max: Count(),
  bytes_max: Count(),
  /** Queries to the database. */
  loads: Count(),
  levels: Type.Array(CacheLevel),
})

export const CachesView = Type.Object({ process: ProcessView, caches: Type.Array(CacheView) })
