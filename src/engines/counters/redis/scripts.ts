// A shard is only changed by these scripts, each atomic. A script first checks that the shard is as its caller believes; if not,
// it changes nothing and returns the state. So any number of processes may call it, and a call may be repeated. Redis does not
// roll back a script that fails, so all checks come before the first write. Lua numbers are exact up to 2^53: watermarks are text.

import { defineScript } from '../../redis/redis.ts'

/** state(): 'gone' if there is no shard of this incarnation, 'wrong' if the key has another type, else the watermark. */
const STATE = `
local function state(key, incarnation)
  local t = redis.call('TYPE', key).ok
  if t == 'none' then return 'gone' end
  if t ~= 'hash' then return 'wrong' end
  local m = redis.call('HMGET', key, '_e', '_w')
  if m[1] ~= incarnation or not m[2] or #m[2] > 20 or not string.find(m[2], '^%d+$') then return 'gone' end
  return m[2]
end
local function count(v)
  local digits = v and string.match(v, '^%-?([1-9]%d*)$')
  return not v or v == '0' or (digits and #digits <= 15)
end
`

/**
 * Adds deltas and moves the watermark, together.
 * KEYS shard · ARGV incarnation, current watermark, next watermark, '1' if it is then caught up with the others, then field,
 * delta, … → 'ok', 'garbage' (a field is no count), or the state.
 */
export const APPLY = defineScript(`${STATE}
local w = state(KEYS[1], ARGV[1])
if w ~= ARGV[2] then return w end
for i = 5, #ARGV, 2 do
  if not count(redis.call('HGET', KEYS[1], ARGV[i])) then return 'garbage' end
end
for i = 5, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], '_w', ARGV[3])
if ARGV[4] == '1' then redis.call('HDEL', KEYS[1], '_n') end
return 'ok'`)

/**
 * Puts a rebuilt shard in its place, unless there is a usable one.
 * KEYS shard, new shard · ARGV incarnation, watermark of the new shard → 'ok', 'lost' (the new shard is incomplete), or the
 * watermark of the usable shard.
 */
export const SWAP = defineScript(`${STATE}
local w = state(KEYS[1], ARGV[1])
if w ~= 'gone' and w ~= 'wrong' then redis.call('UNLINK', KEYS[2]) return w end
if state(KEYS[2], ARGV[1]) ~= ARGV[2] then return 'lost' end
redis.call('UNLINK', KEYS[1])
redis.call('RENAME', KEYS[2], KEYS[1])
redis.call('PERSIST', KEYS[1])
return 'ok'`)

/**
 * Removes an unusable shard, so that no reader takes it for an up-to-date one, unless it was replaced meanwhile.
 * KEYS shard · ARGV incarnation, the state it was found in → the state it has now.
 */
export const DISCARD = defineScript(`${STATE}
local w = state(KEYS[1], ARGV[1])
if w == ARGV[2] then redis.call('UNLINK', KEYS[1]) end
return w`)

/** Removes a shard if the field is no count, or the key no hash. KEYS shard · ARGV field → 1 if it was removed. */
export const DISCARD_CORRUPT = defineScript(`${STATE}
local t = redis.call('TYPE', KEYS[1]).ok
if t == 'none' then return 0 end
if t == 'hash' and count(redis.call('HGET', KEYS[1], ARGV[1])) then return 0 end
return redis.call('UNLINK', KEYS[1])`)

/**
 * Corrects counts by the drift found in them, unless another process has corrected the shard meanwhile, or Redis has lost writes.
 * KEYS shard · ARGV incarnation, watermark and number of corrections when the drift was found, then field, correction, …
 * → 'ok' or 'changed'.
 */
export const CORRECT = defineScript(`${STATE}
local w = state(KEYS[1], ARGV[1])
if w == 'gone' or w == 'wrong' or #w < #ARGV[2] or (#w == #ARGV[2] and w < ARGV[2]) then return 'changed' end
if (redis.call('HGET', KEYS[1], '_r') or '0') ~= ARGV[3] then return 'changed' end
for i = 4, #ARGV, 2 do
  if not count(redis.call('HGET', KEYS[1], ARGV[i])) then return 'changed' end
end
for i = 4, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], '_r', string.format('%d', tonumber(ARGV[3]) + 1))
return 'ok'`)

/**
 * Acquires or renews the lease to apply. Correctness does not depend on it: it only keeps the other processes from doing the same
 * work.
 * KEYS lease, caught up, corrupt · ARGV process, its last tick, its next tick, duration in ms
 * → {1 if acquired, 1 if the lease was as this process left it, Redis's clock in ms, caught up, corrupt shards …}
 */
export const ACQUIRE_LEASE = defineScript(`
local function get(key)
  local value = redis.pcall('GET', key)
  if type(value) ~= 'table' then return value end
  redis.call('UNLINK', key) -- of another type: not ours
  return false
end
local lease = get(KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(ARGV[4]) then lease = false end -- none of ours lasts so long
local caught_up = get(KEYS[2]) or ''
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
if lease and string.sub(lease, 1, #ARGV[1]) ~= ARGV[1] then return {0, 0, now, caught_up} end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[3], 'PX', ARGV[4])
if redis.call('TYPE', KEYS[3]).ok ~= 'set' then redis.call('UNLINK', KEYS[3]) end
local undisturbed = lease == ARGV[1] .. ' ' .. ARGV[2]
return {1, undisturbed and 1 or 0, now, caught_up, unpack(redis.call('SPOP', KEYS[3], 64))}`)

/**
 * Records what a reader did, and forgets what every shard contains by now and what is of another incarnation.
 * KEYS own writes · ARGV lifetime in ms, incarnation, transaction id below which shards contain all, then field, value, …
 */
export const NOTE_OWN_WRITES = defineScript(`
if redis.call('TYPE', KEYS[1]).ok ~= 'hash' or redis.call('HGET', KEYS[1], '_e') ~= ARGV[2] then redis.call('UNLINK', KEYS[1]) end
redis.call('HSET', KEYS[1], '_e', ARGV[2])
for _, field in ipairs(redis.call('HKEYS', KEYS[1])) do
  local x = string.match(field, '(%d+)$')
  if x and (#x < #ARGV[3] or (#x == #ARGV[3] and x < ARGV[3])) then redis.call('HDEL', KEYS[1], field) end
end
for i = 4, #ARGV, 2 do redis.call('HSET', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('PEXPIRE', KEYS[1], ARGV[1])
return 1`)
