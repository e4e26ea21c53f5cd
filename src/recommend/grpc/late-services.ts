// Health and reflection. Their libraries parse proto files, a tenth of the processor time of a start, and many servers are never asked:
// they are loaded with the first call.

import { fileURLToPath } from 'node:url'
import type * as grpc from '@grpc/grpc-js'
import type { ReflectionService } from '@grpc/reflection'
import type { HealthImplementation } from 'grpc-health-check'
import { loadLate } from '../../base/load-late.ts'

const PROTO_FILE = fileURLToPath(new URL('../../../proto/reco.proto', import.meta.url))

type Served = Record<string, 'SERVING' | 'NOT_SERVING'>

export interface Health {
  setStatus(service: string, status: Served[string]): void
}

export function addHealth(server: grpc.Server, initially: Served): Health {
  const statuses = { ...initially }
  let health: HealthImplementation | undefined
  const load = () => {
    const { HealthImplementation } = loadLate<typeof import('grpc-health-check')>('grpc-health-check')
    return (health = new HealthImplementation(statuses))
  }
  const methods = {
    check: { path: '/grpc.health.v1.Health/Check', requestStream: false, responseStream: false },
    watch: { path: '/grpc.health.v1.Health/Watch', requestStream: false, responseStream: true },
    list: { path: '/grpc.health.v1.Health/List', requestStream: false, responseStream: false },
  }
  addLate(server, methods, load)
  return {
    setStatus(service, status) {
      statuses[service] = status
      health?.setStatus(service, status)
    },
  }
}

export function addReflection(server: grpc.Server): void {
  for (const version of ['v1', 'v1alpha'])
    addLate(
      server,
      {
        serverReflectionInfo: {
          path: `/grpc.reflection.${version}.ServerReflection/ServerReflectionInfo`,
          requestStream: true,
          responseStream: true,
        },
      },
      () => createReflection(PROTO_FILE),
    )
}

interface Method {
  path: string
  requestStream: boolean
  responseStream: boolean
}
type Loaded = Method &
  Pick<grpc.MethodDefinition<unknown, unknown>, 'requestDeserialize' | 'responseSerialize'> & { handle: (...call: unknown[]) => void }
interface Library {
  addToServer(server: Pick<grpc.Server, 'addService'>): void
}

/** The methods of a service that a library implements, by their paths. */
function addLate(server: grpc.Server, methods: Record<string, Method>, load: () => Library): void {
  let loaded: Map<string, Loaded> | undefined
  const find = (path: string): Loaded => {
    loaded ??= methodsOf(load())
    return loaded.get(path) as Loaded
  }
  const handlers: grpc.UntypedServiceImplementation = {}
  const definition: Record<string, grpc.MethodDefinition<unknown, unknown>> = {}
  for (const [name, method] of Object.entries(methods)) {
    definition[name] = {
      ...method,
      requestDeserialize: bytes => find(method.path).requestDeserialize(bytes),
      responseSerialize: value => find(method.path).responseSerialize(value),
      requestSerialize: unused,
      responseDeserialize: unused,
    }
    handlers[name] = (...call: unknown[]) => find(method.path).handle(...call)
  }
  server.addService(definition, handlers)
}

/** What a library would have added to a server. */
function methodsOf(library: Library): Map<string, Loaded> {
  const methods = new Map<string, Loaded>()
  library.addToServer({
    addService(definition, handlers) {
      for (const [name, method] of Object.entries(definition)) {
        const handle = handlers[name] ?? handlers[method.originalName as string]
        methods.set(method.path, { ...method, handle: handle as Loaded['handle'] })
      }
    },
  })
  return methods
}

const unused = (): never => {
  throw new Error('only clients call it')
}

/** For a proto file without a package the library registers names with a leading dot; clients ask for them without it. */
function createReflection(proto: string): ReflectionService {
  const { ReflectionService: Service } = loadLate<typeof import('@grpc/reflection')>('@grpc/reflection')
  const { loadSync } = loadLate<typeof import('@grpc/proto-loader')>('@grpc/proto-loader')
  const reflection = new Service(loadSync(proto))
  const { v1, v1Alpha } = reflection as unknown as Record<'v1' | 'v1Alpha', Record<'symbols' | 'services', Record<string, unknown>>>
  for (const names of [v1.symbols, v1.services, v1Alpha.symbols, v1Alpha.services])
    for (const dotted of Object.keys(names).filter(name => name.startsWith('.'))) {
      names[dotted.slice(1)] = names[dotted]
      delete names[dotted]
    }
  return reflection
}
