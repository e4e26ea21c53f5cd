// How a feature declares its routes. generations.ts mounts them.

import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox'
import type {
  ContextConfigDefault,
  FastifyBaseLogger,
  FastifySchema,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
  RouteGenericInterface,
  RouteHandlerMethod,
  RouteOptions,
  RouteShorthandOptions,
} from 'fastify'
import type { PermissionCode } from '../base/permissions.ts'
import type { Access } from './access.ts'

/** The prefix of later clients. */
export const FLAT_PREFIX = '/v1_0'

/** Who a route is for. generations.ts lists the prefixes of each surface, surface-minimums.ts its minimum access. */
export type Surface = 'app' | 'app v1_0' | 'app v1_1' | 'studio' | 'creator' | 'admin' | 'own' | 'own admin' | 'files'

type Server = RawServerDefault
type Request = RawRequestDefaultExpression
type Reply = RawReplyDefaultExpression
type Generic = RouteGenericInterface
type Config = ContextConfigDefault
type Provider = TypeBoxTypeProvider
type Logger = FastifyBaseLogger

interface DeclaredAccess {
  config: { access: Exclude<Access, 'admin'> } | { access: 'admin'; permission: PermissionCode | null }
}

type AddRoute = <const S extends FastifySchema>(
  path: string,
  options: RouteShorthandOptions<Server, Request, Reply, Generic, Config, S, Provider, Logger> & DeclaredAccess,
  handler: RouteHandlerMethod<Server, Request, Reply, Generic, Config, S, Provider, Logger>,
) => unknown

/** What a feature sees of the server. Without `config.access` a route does not compile, nor one for administrators without `config.permission`. */
export interface RouteScope {
  readonly prefix: string
  get: AddRoute
  post: AddRoute
  put: AddRoute
  patch: AddRoute
  delete: AddRoute
  route<const S extends FastifySchema>(
    options: RouteOptions<Server, Request, Reply, Generic, Config, S, Provider, Logger> & DeclaredAccess,
  ): unknown
  /** Writes an id in the form of this prefix: as a JSON number or as JSON text. */
  writeId: (id: bigint) => string
}

/** Adds routes with paths as the contract writes them, without a prefix. */
export type Routes = (server: RouteScope) => Promise<void>
