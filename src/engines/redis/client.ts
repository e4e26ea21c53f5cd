// A client of the library with our settings: no queue, no retries, no reconnecting. connection.ts decides about those.

import { createClient } from '@redis/client'
import type { RedisAddress } from '../../base/redis-url.ts'
import { answerWithin } from './redis-unavailable.ts'

export type Client = ReturnType<typeof createClient>

export interface ClientOptions extends Pick<RedisAddress, 'tls' | 'username' | 'password'> {
  host: string
  port: number
  database?: number
  name: string
}

const CONNECT_MS = 2_000 // as for PostgreSQL: a server that does not answer within it is down
const COMMANDS_MAX = 20_000 // in flight; otherwise a server that hangs would fill our memory

/** Connects and runs `prepare`, both within CONNECT_MS. */
export async function openClient(options: ClientOptions, prepare: (client: Client) => Promise<unknown>): Promise<Client> {
  const { host, port, tls, name, ...credentials } = options
  const client: Client = createClient({
    ...credentials,
    name: name.replaceAll(' ', '-'), // CLIENT SETNAME refuses spaces
    socket: { host, port, ...(tls && { tls }), connectTimeout: CONNECT_MS, reconnectStrategy: false },
    disableOfflineQueue: true, // without a connection a command fails at once
    commandsQueueMaxLength: COMMANDS_MAX,
    commandOptions: { timeout: 0 }, // callers wait with answerWithin; the library would start a timer and make an error for each command
    maintNotifications: 'disabled',
  })
  client.on('error', () => {}) // the sender of a command gets the error
  try {
    const prepared = client.connect().then(() => prepare(client))
    await answerWithin(CONNECT_MS, prepared)
    return client
  } catch (err) {
    client.destroy()
    throw err
  }
}
