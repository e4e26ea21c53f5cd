// Opens Redis. Import it dynamically, and only if REDIS_URL is set: the library is 500 files and takes 30 MB of memory.

import { ErrorReply } from '@redis/client'
import type { Log } from '../../base/log.ts'
import { parseRedisUrl } from '../../base/redis-url.ts'
import type { Client } from './client.ts'
import { keepConnected } from './connection.ts'
import type { Call, Command, Redis } from './redis.ts'
import { answerWithin, RedisUnavailable } from './redis-unavailable.ts'
import type { Script } from './script.ts'
import { createSubscriptions } from './subscriptions.ts'

/** Longer than any command of ours takes, and short enough for a request to wait. */
const COMMAND_MS = 250

/** Returns at once. Redis may start later, stop and come back. */
export function openRedis({ url, name, log }: { url: string; name: string; log: Log }): Redis {
  const address = parseRedisUrl(url)
  if (!address) throw new Error('REDIS_URL is not the address of a Redis')
  let runId: string | undefined
  const connection = keepConnected({
    address,
    name,
    log,
    prepare: async client => {
      const info = String(await client.sendCommand(['INFO', 'server']))
      runId = /^run_id:(\w+)/m.exec(info)?.[1] ?? 'unknown'
    },
  })
  const subscriptions = createSubscriptions({ address, name: `${name} bus`, log })

  function getClient(): Client {
    const client = connection.client()
    if (!client) throw new RedisUnavailable('not connected')
    return client
  }

  /** An error that Redis answers becomes the command's outcome. If the connection breaks, RedisUnavailable is thrown. */
  async function sendAll(commands: Command[], timeoutMs: number): Promise<(unknown | Error)[]> {
    const client = getClient()
    // Sent in one turn of the event loop, and so in one write.
    const outcomes = await answerWithin(timeoutMs, Promise.allSettled(commands.map(command => client.sendCommand(command))))
    return outcomes.map(outcome => {
      if (outcome.status === 'fulfilled') return outcome.value
      if (outcome.reason instanceof ErrorReply) return outcome.reason
      throw new RedisUnavailable(outcome.reason.message)
    })
  }

  /** Sends hashes first. Scripts that Redis does not know were not executed, and are sent again, the first of them in full. */
  async function runAll<T>(script: Script, calls: Call[], timeoutMs = COMMAND_MS): Promise<(T | Error)[]> {
    const outcomes = await sendAll(calls.map(bySha), timeoutMs)
    const unknown = [...calls.keys()].filter(i => isNoScript(outcomes[i]))
    if (unknown.length > 0) {
      const commands = unknown.map((i, n) => (n === 0 ? inFull : bySha)(calls[i] as Call))
      const answers = await sendAll(commands, timeoutMs)
      for (const [n, i] of unknown.entries()) outcomes[i] = answers[n]
    }
    return outcomes as (T | Error)[]

    function bySha({ keys, args }: Call): Command {
      return ['EVALSHA', script.sha, String(keys.length), ...keys, ...args]
    }
    function inFull({ keys, args }: Call): Command {
      return ['EVAL', script.text, String(keys.length), ...keys, ...args]
    }
  }

  return {
    send: async <T>(command: Command, timeoutMs = COMMAND_MS) => single<T>(await sendAll([command], timeoutMs)),
    pipeline: async <T>(commands: Command[], timeoutMs = COMMAND_MS) => (await sendAll(commands, timeoutMs)) as (T | Error)[],
    run: async <T>(script: Script, call: Call, timeoutMs = COMMAND_MS) => single<T>(await runAll(script, [call], timeoutMs)),
    runAll,
    subscribe: subscriptions.subscribe,
    isReady: () => connection.client() !== undefined,
    instance: () => (connection.client() ? runId : undefined),
    connected: waitMs => connection.connected(waitMs),
    async close() {
      await Promise.all([connection.close(), subscriptions.close()])
    },
  }
}

function single<T>([outcome]: unknown[]): T {
  if (outcome instanceof Error) throw outcome
  return outcome as T
}

function isNoScript(outcome: unknown): boolean {
  return outcome instanceof Error && outcome.message.startsWith('NOSCRIPT')
}
