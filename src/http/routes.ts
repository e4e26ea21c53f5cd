// What a feature hands to the composition root. The root collects the parts; roles take from them what they need.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { FastifyRequest } from 'fastify'
import type { ReaderId } from '../base/id.ts'
import type { Job } from '../base/job.ts'
import { unauthenticated } from '../base/problem.ts'
import type { AdminIdentity, Viewer } from '../base/viewer.ts'

/** Adds routes, with paths as the contract writes them; the prefixes are added when they are mounted. */
export type Routes = FastifyPluginAsyncTypebox

/** Where routes are mounted: http/generations.ts says which prefixes each surface has, and how ids are written there. */
export type Surface = 'app' | 'app v1_0' | 'app v1_1' | 'studio' | 'admin' | 'own' | 'own admin' | 'files'

/** A row of the change log: something known by `key` is no longer as it was. */
export interface Change {
  topic: string
  key: bigint
}

export interface FeatureModule {
  /** Told of every change within moments after it was committed, in every process. */
  onChange?(changes: readonly Change[]): void
  /** Changes went by unread, after a long standstill: whatever is kept of the rows may be old. */
  onGap?(): void
  routes?: Partial<Record<Surface, Routes>>
  /** What the clock does for it, once among all processes with the role worker. */
  jobs?: Job[]
}

export type { Job } from '../base/job.ts'

/**
 * What goes on beside requests many times a second, or in each process for itself: nobody pauses it, and it leaves no
 * record. What the clock does, each minute or less often, is a `Job`.
 */
export interface Task {
  name: string
  /** The one role whose processes run it. */
  role: Role
  intervalMs: number
  /** Notifications on which it runs at once instead of at its next turn. */
  notifications?: string[]
  run(): Promise<void>
}

export const ROLES = ['api', 'recommender', 'worker'] as const
export type Role = (typeof ROLES)[number]

/**
 * Who may call a route.
 * `login`: signed-in readers · `studio`: signed-in, verified creators · `optional`: anyone, but a bad token is refused,
 * which is how clients learn that theirs has expired · `open`: anyone, and a bad token counts as none · `admin`:
 * administrators, whose tokens are of a kind of their own.
 */
export type Access = 'login' | 'studio' | 'optional' | 'open' | 'admin' | 'nobody'

declare module 'fastify' {
  interface FastifyContextConfig {
    access?: Access
  }
  interface FastifyRequest {
    viewer: Viewer
    /** Set where `access` is `admin`. */
    administrator: AdminIdentity | undefined
  }
  interface FastifyInstance {
    /** How ids are written under this prefix. */
    writeId: (id: bigint) => string
  }
}

/** The reader of a route whose access is `login` or `studio`. */
export function readerOf(request: FastifyRequest): ReaderId {
  if (request.viewer.kind !== 'reader') throw unauthenticated('User must be authorized.')
  return request.viewer.id
}

/** The administrator of a route whose access is `admin`. */
export function administratorOf(request: FastifyRequest): AdminIdentity {
  if (!request.administrator) throw unauthenticated('Administrator must be authorized.')
  return request.administrator
}
