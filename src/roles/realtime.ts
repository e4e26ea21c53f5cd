// Role `realtime`: sockets on the process's HTTP server, for pushes and the assistant.

import type { FeatureModule } from '../features/feature-module.ts'
import { createSockets, type Sockets, type SocketsNeeds } from '../http/sockets/sockets.ts'

export interface RealtimeNeeds extends Omit<SocketsNeeds, 'handlers'> {
  modules: FeatureModule[]
}

export function createRealtime({ modules, ...needs }: RealtimeNeeds): Sockets {
  return createSockets({ ...needs, handlers: Object.assign({}, ...modules.map(module => module.sockets)) })
}
