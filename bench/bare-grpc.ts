// The yardstick for gRPC: a server of the same library that sends the same bytes and does nothing else.

import * as grpc from '@grpc/grpc-js'
import { USER_RECOMMEND } from '../src/recommend/grpc/legacy.ts'

const bytes = Buffer.from(process.argv[2] as string, 'base64')
const server = new grpc.Server()
const echo = { ...USER_RECOMMEND, responseSerialize: (answer: Buffer) => answer }
server.addService({ user_recommend: echo }, { user_recommend: (_call: unknown, answer: grpc.sendUnaryData<Buffer>) => answer(null, bytes) })
server.bindAsync('127.0.0.1:0', grpc.ServerCredentials.createInsecure(), (_err, port) => process.stdout.write(`ready 127.0.0.1:${port}\n`))
process.once('SIGTERM', () => process.exit())
