// The second level of a cache (L2): Redis, shared by all processes. The process that misses a key takes a lease and loads;
// the others poll for its result, and load themselves when the lease expires. Only the holder of the lease may store a value,
// and a change revokes the lease. If Redis is unavailable, full or holds foreign data, that is a miss.

import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { KEY_PREFIX } from '../redis/redis.ts'
import type { InvalidationTracker } from './invalidation-tracker.ts'
import { jitter, type Load } from './level.ts'
import type { CacheRedis } from './redis-circuit-breaker.ts'
import { formatEntry, parseEntry } from './redis-entry.ts'
import { INVALIDATE, READ_OR_LEASE, RELEASE_LEASE, STORE } from './redis-scripts.ts'
import { VERSION_MIN, type Version } from './version.ts'

export type RedisOutcome = 'hit' | 'stale' | 'miss' | 'waited' | 'away'

export interface RedisLevelNeeds<K, V> {
  name: string
  redis: CacheRedis
  /** Entries of another namespace are ignored. It names the schema version and the incarnation of the database. */
  namespace: () => string
  /** When a value is due for renewal. It is kept, and served while it is renewed, for as long again. */
  freshMs: number
  absentMs: number
  tracker?: InvalidationTracker<K>
  random: () => number
  load: Load<K, V>
  count: (outcome: RedisOutcome, by: number) => void
}

export interface RedisLevel<K, V> {
  getMany: Load<K, V>
  /** The keys changed at `version` or before. Does not wait for Redis. */
  invalidate(keys: readonly K[], version: Version): void
}

/** A load takes milliseconds. A process that has not finished after this time is dead or as good as dead. */
const LEASE_MS = 2_000
/** How long after the end of a lease others wait for it. */
const LEASE_GRACE_MS = 500
/** Scripts in one write: a few milliseconds of Redis. An import changes thousands of keys at once. */
const BATCH_SIZE = 200
/** Waiting for another process: 5 to 15 ms, so that those that wait do not poll in step. */
const POLL_MS_MIN = 5
const POLL_MS_SPREAD = 10

interface Lookup<K, V> {
  namespace: string
  found: Map<K, V>
  /** Known to have no row. */
  absent: K[]
  /** This process has the lease (the token) and must load the key. */
  toLoad: Map<K, string>
  /** The same for keys that are also in `found`: they are due for renewal. */
  toRenew: Map<K, string>
  leasedByOthers: K[]
  unreadable: K[]
}

export function createRedisLevel<K extends string | bigint, V>(needs: RedisLevelNeeds<K, V>): RedisLevel<K, V> {
  const { name, redis, tracker, freshMs, absentMs, random, load, count } = needs
  const valueKey = (key: K) => `${KEY_PREFIX}{cache:${name}:${key}}`
  const leaseKey = (key: K) => `${valueKey(key)}:lease`
  // The run of Redis is part of the namespace: after a restart Redis may hold values that were invalidated meanwhile.
  const currentNamespace = () => `${needs.namespace()}.${redis.instance()}|`
  const currentVersion = () => tracker?.version() ?? VERSION_MIN

  async function readOrLease(keys: K[]): Promise<Lookup<K, V>> {
    const namespace = currentNamespace()
    const token = `${currentVersion()}|${randomBytes(9).toString('base64url')}`
    const calls = keys.map(key => ({
      keys: [valueKey(key), leaseKey(key)],
      args: [namespace, tracker?.versionMin(key) ?? VERSION_MIN, token, String(LEASE_MS), String(freshMs)],
    }))
    const answers = await redis.runAll<[text?: string | null, token?: string]>(READ_OR_LEASE, calls)
    const lookup: Lookup<K, V> = {
      namespace,
      found: new Map(),
      absent: [],
      toLoad: new Map(),
      toRenew: new Map(),
      leasedByOthers: [],
      unreadable: [],
    }
    for (const [i, key] of keys.entries()) sortAnswer(lookup, key, answers[i])
    return lookup
  }

  function sortAnswer(lookup: Lookup<K, V>, key: K, answer: [text?: string | null, token?: string] | Error | undefined): void {
    if (!Array.isArray(answer)) return void lookup.unreadable.push(key)
    const [text, token] = answer
    if (typeof text === 'string') {
      try {
        const value = parseEntry<V>(lookup.namespace, text)
        if (value === undefined) lookup.absent.push(key)
        else lookup.found.set(key, value)
        if (token) lookup.toRenew.set(key, token)
      } catch {
        lookup.unreadable.push(key)
      }
    } else if (token) lookup.toLoad.set(key, token)
    else lookup.leasedByOthers.push(key)
  }

  /** Loads the leased keys and stores them for the other processes. */
  async function loadAndStore(namespace: string, leases: Map<K, string>): Promise<Map<K, V>> {
    const version = currentVersion()
    const keys = [...leases.keys()]
    let loaded: Map<K, V>
    try {
      loaded = await load(keys)
    } catch (err) {
      const calls = keys.map(key => ({ keys: [leaseKey(key)], args: [leases.get(key) as string] }))
      redis.runAll(RELEASE_LEASE, calls).catch(() => {}) // then the lease expires
      throw err
    }
    const calls = keys.map(key => {
      const value = loaded.get(key)
      const ttlMs = value === undefined ? jitter(absentMs, random) : freshMs + jitter(freshMs, random)
      return {
        keys: [valueKey(key), leaseKey(key)],
        args: [namespace, leases.get(key) as string, version, formatEntry(namespace, version, value), String(ttlMs)],
      }
    })
    redis.runAll(STORE, calls).catch(() => {}) // then the other processes load it themselves
    return loaded
  }

  async function loadWithoutLease(keys: K[], outcome: 'miss' | 'away'): Promise<Map<K, V>> {
    count(outcome, keys.length)
    return load(keys)
  }

  return {
    async getMany(keys) {
      const found = new Map<K, V>()
      const add = (more: Map<K, V>) => more.forEach((value, key) => found.set(key, value))
      const waitUntil = performance.now() + LEASE_MS + LEASE_GRACE_MS
      for (let left = keys, round = 0; left.length > 0; round++) {
        const lookup = await readOrLease(left).catch(() => undefined)
        if (!lookup) {
          add(await loadWithoutLease(left, 'away'))
          break
        }
        add(lookup.found)
        const hits = lookup.found.size + lookup.absent.length - lookup.toRenew.size
        if (hits > 0) count(round === 0 ? 'hit' : 'waited', hits)
        if (lookup.toRenew.size > 0) {
          count('stale', lookup.toRenew.size)
          loadAndStore(lookup.namespace, lookup.toRenew).catch(() => {}) // then the old value stays
        }
        if (lookup.toLoad.size > 0) {
          count('miss', lookup.toLoad.size)
          add(await loadAndStore(lookup.namespace, lookup.toLoad))
        }
        if (lookup.unreadable.length > 0) add(await loadWithoutLease(lookup.unreadable, 'miss'))
        left = lookup.leasedByOthers
        if (left.length === 0) break
        if (performance.now() > waitUntil) {
          add(await loadWithoutLease(left, 'miss'))
          break
        }
        await sleep(POLL_MS_MIN + random() * POLL_MS_SPREAD)
      }
      return found
    },

    invalidate(keys, version) {
      const namespace = currentNamespace()
      const calls = keys.map(key => ({ keys: [valueKey(key), leaseKey(key)], args: [namespace, version] }))
      const send = async () => {
        for (let i = 0; i < calls.length; i += BATCH_SIZE) await redis.runAll(INVALIDATE, calls.slice(i, i + BATCH_SIZE))
      }
      send().catch(() => {}) // no harm: the tracker recognises the old value as stale
    },
  }
}
