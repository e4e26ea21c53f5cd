// What the Redis level does atomically. KEYS are always a value and its lease, in one slot.

import { defineScript } from '../redis/redis.ts'

// Reads an entry if it has our namespace and a version of at least `version_min`. Anything else counts as missing.
const READ = `
local function read(key, namespace, version_min)
  local value = redis.pcall('GET', key)
  if type(value) ~= 'string' then return nil end
  local head = #namespace
  if string.sub(value, 1, head) ~= namespace or string.sub(value, head + 1, head + 40) < version_min then return nil end
  return value
end`

/**
 * ARGV: namespace, minimal version, token, lease in ms, remaining ms below which a value is due for renewal.
 * Returns {value}; {value, token} if the caller must renew it; {nil, token} if the caller must load it; {} if another
 * process has the lease.
 */
export const READ_OR_LEASE = defineScript(`${READ}
local namespace, version_min, token, ms, renew = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local value = read(KEYS[1], namespace, version_min)
if value and (string.sub(value, -2) == '|-' or redis.call('PTTL', KEYS[1]) >= renew) then return {value} end
if not redis.call('SET', KEYS[2], token, 'NX', 'PX', ms) then
  if value then return {value} end
  -- A lease of ours expires within that time. Anything else is foreign and replaced.
  local left = redis.call('PTTL', KEYS[2])
  if left >= 0 and left <= tonumber(ms) then return {} end
  redis.call('SET', KEYS[2], token, 'PX', ms)
end
return {value or false, token}`)

/** ARGV: namespace, token, version, entry, ms. Stores the entry if the caller still has the lease and no newer one is there. */
export const STORE = defineScript(`${READ}
if redis.pcall('GET', KEYS[2]) ~= ARGV[2] then return 0 end
redis.call('UNLINK', KEYS[2])
local value = read(KEYS[1], ARGV[1], '')
if value and string.sub(value, #ARGV[1] + 1, #ARGV[1] + 40) > ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return 1`)

/**
 * ARGV: namespace, version of the change. Deletes the value unless it is newer than the change, and revokes the lease if its
 * holder began to load before it knew of the change. Every process reports every change, one after another; a holder that
 * knew of it keeps its lease and loads for all.
 */
export const INVALIDATE = defineScript(`${READ}
if read(KEYS[1], ARGV[1], ARGV[2]) then return 0 end
redis.call('UNLINK', KEYS[1])
local lease = redis.pcall('GET', KEYS[2])
if type(lease) ~= 'string' or not string.find(lease, '^%d+|') or string.sub(lease, 1, 40) < ARGV[2] then redis.call('UNLINK', KEYS[2]) end
return 1`)

/** KEYS: the lease. ARGV: token. Releases the lease after a failed load, so that others need not wait for its end. */
export const RELEASE_LEASE = defineScript(`
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
return 1`)
