// How a feature declares its routes. generations.ts mounts them.

import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'

/** A Fastify plugin with paths as the contract writes them, without a prefix. */
export type Routes = FastifyPluginAsyncTypebox

/** Who a route is for. generations.ts lists the prefixes of each surface. */
export type Surface = 'app' | 'app v1_0' | 'app v1_1' | 'studio' | 'admin' | 'own' | 'own admin' | 'files'
