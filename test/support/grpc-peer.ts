// A client and a server of the recommender's gRPC contract, as third parties write them: grpc-js and reco.proto as they have it, and no
// code of the product.

import { join } from 'node:path'
import * as grpc from '@grpc/grpc-js'
import { loadSync } from '@grpc/proto-loader'
import { cleanup } from './cleanup.ts'
import { PATIENCE_MS } from './waiting.ts'

export const PROTO = join(import.meta.dirname, 'existing-clients', 'reco.proto')

export interface Request {
  user_id?: string
  channel_id?: number
  article_num?: number
  /** A string of digits where a number would lose precision: it is an int64. */
  time_stamp?: string | number
}

export interface Response {
  exposure: string
  time_stamp: string
  recommends: { article_id: string; track: { click: string; collect: string; share: string; read: string } | null }[]
}

interface Contract extends grpc.GrpcObject {
  UserRecommend: grpc.ServiceClientConstructor
}

const { UserRecommend } = grpc.loadPackageDefinition(loadSync(PROTO, { keepCase: true, longs: String, defaults: true })) as Contract

export interface GrpcPeer {
  recommend(request: Request, headers?: Record<string, string>, deadlineMs?: number): Promise<Response>
  /** Sends raw bytes to any method. Resolves to the raw answer. */
  send(path: string, bytes: Buffer): Promise<Buffer>
  client: grpc.Client
}

export function connectGrpcPeer(address: string): GrpcPeer {
  const client = new UserRecommend(address, grpc.credentials.createInsecure())
  cleanup(async () => client.close())
  return {
    client,
    recommend: (request, headers = {}, deadlineMs = PATIENCE_MS) => {
      const metadata = new grpc.Metadata()
      for (const [name, value] of Object.entries(headers)) metadata.set(name, value)
      return new Promise((resolve, reject) =>
        client.user_recommend?.(request, metadata, { deadline: Date.now() + deadlineMs }, (err: Error | null, response: Response) =>
          err ? reject(err) : resolve(response),
        ),
      )
    },
    send: (path, bytes) =>
      new Promise((resolve, reject) =>
        client.makeUnaryRequest(
          path,
          (given: Buffer) => given,
          given => given,
          bytes,
          { deadline: Date.now() + PATIENCE_MS },
          (err, answer) => (err ? reject(err) : resolve(answer as Buffer)),
        ),
      ),
  }
}

export interface GrpcPeerServer {
  address: string
  requests: Request[]
  /** Handles the next requests. It may throw a gRPC error, or never call back. */
  answer: (request: Request, callback: (err: Partial<grpc.ServiceError> | null, response?: unknown) => void) => void
  close(): void
}

/** A third party's recommender. */
export async function startGrpcPeer(): Promise<GrpcPeerServer> {
  const server = new grpc.Server()
  const peer: GrpcPeerServer = {
    address: '',
    requests: [],
    answer: (_request, callback) => callback(null, { exposure: '', time_stamp: 0, recommends: [] }),
    close: () => server.forceShutdown(),
  }
  server.addService(UserRecommend.service, {
    user_recommend: (call: grpc.ServerUnaryCall<Request, unknown>, callback: Parameters<GrpcPeerServer['answer']>[1]) => {
      peer.requests.push(call.request)
      peer.answer(call.request, callback)
    },
  })
  const port = await new Promise<number>((resolve, reject) =>
    server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (err, bound) => (err ? reject(err) : resolve(bound))),
  )
  peer.address = `127.0.0.1:${port}`
  cleanup(async () => server.forceShutdown())
  return peer
}
