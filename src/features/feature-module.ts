import type { Change } from '../base/change.ts'
import type { Job } from '../base/job.ts'
import type { DurableConsumerSpec } from '../engines/log/durable-consumer.ts'
import type { Position } from '../engines/log/log-rows.sql.ts'
import type { Routes, Surface } from '../http/routes.ts'
import type { SocketHandler } from '../http/sockets/handler.ts'

/** What a feature hands to the composition root (src/app). The roles pick what they run from it. */
export interface FeatureModule {
  routes?: Partial<Record<Surface, Routes>>
  jobs?: Job[]
  /** Consumers of a log that keep their offset. One of the workers runs each. */
  consumers?: DurableConsumerSpec<Position>[]
  /** By the event that a client sends. */
  sockets?: Record<string, SocketHandler>
  /** Called in every `api` and `realtime` process, within moments of the commit. */
  onChange?(changes: readonly Change[]): void
  /** Called when changes were missed, for example after a long pause: whatever the module caches may be stale. */
  onGap?(): void
}
