// Opens Redis. Loaded only where one is set: the library is half a thousand files and thirty megabytes.

import { ErrorReply } from '@redis/client'
import type { Log } from '../../base/log.ts'
import { parseRedisUrl } from '../../base/redis-url.ts'
import { type Client, keepConnected, type RedisConnection } from './connection.ts'
import type { Call, Command, Redis } from './redis.ts'
import { answerWithin, RedisUnavailable } from './redis-unavailable.ts'
import type { Script } from './script.ts'

/** Longer than any command of ours takes, shorter than anybody waits for a page. */
const COMMAND_MS = 250

const FOREVER_MS = 2 ** 31 - 1 // as far as a timer goes

/** Returns at once: Redis may come up later, go away and come back. */
export function openRedis({ url, name, log }: { url: string; name: string; log: Log }): Redis {
  const address = parseRedisUrl(url)
  if (!address) throw new Error('REDIS_URL is no address of a Redis')
  let runId: string | undefined
  const link = keepConnected({
    address,
    name,
    log,
    prepare: async client => {
      const info = String(await client.sendCommand(['INFO', 'server']))
      runId = /^run_id:(\w+)/m.exec(info)?.[1] ?? 'unknown'
    },
  })
  let listening: RedisConnection | undefined
  const joinedOn = new WeakMap<Client, Set<string>>()
  const subscriptions = new Map<string, Set<{ hear: (message: string) => void; back: () => void }>>()

  function connection(): Client {
    const client = link.client()
    if (!client) throw new RedisUnavailable('away')
    return client
  }

  /** A command that found no connection, or lost it, fails as one that had no answer. */
  async function together(commands: Command[], ms: number): Promise<(unknown | Error)[]> {
    const client = connection()
    // Sent in one turn of the event loop, and so in one write.
    const outcomes = await answerWithin(ms, Promise.allSettled(commands.map(command => client.sendCommand(command))))
    return outcomes.map(outcome => {
      if (outcome.status === 'fulfilled') return outcome.value
      if (outcome.reason instanceof ErrorReply) return outcome.reason
      throw new RedisUnavailable(outcome.reason.message)
    })
  }

  async function one<T>(command: Command, ms: number): Promise<T> {
    const [outcome] = await together([command], ms)
    if (outcome instanceof Error) throw outcome
    return outcome as T
  }

  const call = (how: string, text: string, { keys, args }: Call): Command => [how, text, String(keys.length), ...keys, ...args]
  const unknown = (outcome: unknown) => outcome instanceof Error && outcome.message.startsWith('NOSCRIPT')

  const redis: Redis = {
    send: (command, ms = COMMAND_MS) => one(command, ms),
    pipeline: async <T>(commands: Command[], ms = COMMAND_MS) => (await together(commands, ms)) as (T | Error)[],

    async run<T>(script: Script, given: Call, ms = COMMAND_MS) {
      const [outcome] = await redis.runAll<T>(script, [given], ms)
      if (outcome instanceof Error) throw outcome
      return outcome as T
    },

    async runAll<T>(script: Script, calls: Call[], ms = COMMAND_MS) {
      const outcomes = await together(
        calls.map(each => call('EVALSHA', script.sha, each)),
        ms,
      )
      // Refused and so not run: a Redis that is new to us, or has forgotten. From the first that carries the text on it knows.
      const again = calls.flatMap((each, i) => (unknown(outcomes[i]) ? [{ each, i }] : []))
      if (again.length > 0) {
        const commands = again.map(({ each }, n) => (n === 0 ? call('EVAL', script.text, each) : call('EVALSHA', script.sha, each)))
        for (const [n, outcome] of (await together(commands, ms)).entries()) outcomes[(again[n] as { i: number }).i] = outcome
      }
      return outcomes as (T | Error)[]
    },

    subscribe(channel, hear, back) {
      const listener = { hear, back }
      const first = !subscriptions.has(channel)
      const listeners = subscriptions.get(channel) ?? new Set()
      subscriptions.set(channel, listeners.add(listener))
      // A connection of its own, so that messages do not wait behind answers.
      listening ??= keepConnected({ address, name: `${name} bus`, log, prepare: client => listen(client, [...subscriptions.keys()]) })
      if (first) void listening.connected(FOREVER_MS).then(() => join(channel))
      return () => void listeners.delete(listener)
    },

    isReady: () => link.client() !== undefined,
    instance: () => (link.client() ? runId : undefined),
    connected: forMs => link.connected(forMs),
    async close() {
      await Promise.all([link.close(), listening?.close()])
    },
  }

  /** Each channel once on each connection; those asked for while it is being made are not left out. */
  async function listen(client: Client, channels: string[]): Promise<void> {
    const joined = joinedOn.get(client) ?? new Set<string>()
    joinedOn.set(client, joined)
    for (const channel of channels.filter(one => !joined.has(one))) {
      joined.add(channel)
      await client.subscribe(channel, message => subscriptions.get(channel)?.forEach(({ hear }) => hear(message)))
      // What was said before is not repeated.
      subscriptions.get(channel)?.forEach(({ back }) => back())
    }
  }

  async function join(channel: string): Promise<void> {
    const client = listening?.client()
    if (client) await listen(client, [channel]).catch(() => client.destroy())
  }

  return redis
}
