// Role `api`: serves the API and the web app over HTTP.

import type { FeatureModule } from '../features/feature-module.ts'
import { addHealth, type HealthNeeds } from '../http/health.ts'
import { type HttpListener, type ListenOptions, listen } from '../http/listen.ts'
import type { Surface } from '../http/routes.ts'
import { createServer, type HttpNeeds } from '../http/server.ts'
import { addStatic, type Site } from '../http/static.ts'

export interface ApiNeeds extends Omit<HttpNeeds, 'routes' | 'addUnversionedRoutes'>, HealthNeeds, ListenOptions {
  modules: FeatureModule[]
  site: Site
  timezone: string
}

export async function startApi(needs: ApiNeeds): Promise<HttpListener> {
  const routes = needs.modules.flatMap(module =>
    Object.entries(module.routes ?? {}).map(([surface, plugin]) => ({ surface: surface as Surface, routes: plugin })),
  )
  const server = await createServer({
    ...needs,
    routes,
    addUnversionedRoutes: async instance => {
      addHealth(instance, needs)
      await addStatic(instance, needs)
    },
  })
  return listen(server, needs)
}
