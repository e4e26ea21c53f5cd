// What happens to a shard happens in one of these scripts, at one moment. Each looks first whether the shard is as its
// caller believes, and else changes nothing and says how it is: so any number of callers is harmless, and a call whose
// answer was lost may be repeated. A script that fails in the middle is not undone, so each checks before it writes.
// Watermarks are compared as text: numbers in Lua are exact only up to 2^53.

import { defineScript } from '../../redis/redis.ts'

/** `gone`: no shard of this epoch; `wrong`: another type; otherwise its watermark. */
const STATE = `
local function state(key, epoch)
  local t = redis.call('TYPE', key).ok
  if t == 'none' then return 'gone' end
  if t ~= 'hash' then return 'wrong' end
  local m = redis.call('HMGET', key, '_e', '_w')
  if m[1] ~= epoch or not m[2] or #m[2] > 20 or not string.find(m[2], '^%d+$') then return 'gone' end
  return m[2]
end
local function count(v)
  local digits = v and string.match(v, '^%-?([1-9]%d*)$')
  return not v or v == '0' or (digits and #digits <= 15)
end
`

/**
 * KEYS shard · ARGV epoch, its watermark, the next, whether it is then where the others are (1 or 0), then field, by …
 * → ok, garbage, or its state.
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
 * Puts a shard made anew where there is none, or one of another epoch or type. KEYS shard, new · ARGV epoch, the new one's
 * watermark → ok, lost (the new one is not whole), or the watermark of one that is there.
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
 * Takes away a shard that is of no use, unless it has been replaced since: until another is made, nobody may read it for
 * one that nothing happened to. KEYS shard · ARGV epoch, the state it was found in → the one it was in now.
 */
export const DISCARD = defineScript(`${STATE}
local w = state(KEYS[1], ARGV[1])
if w == ARGV[2] then redis.call('UNLINK', KEYS[1]) end
return w`)

/** Takes away a shard in which something stands that is no count. KEYS shard · ARGV the field → 1 if it did. */
export const DISCARD_CORRUPT = defineScript(`${STATE}
local t = redis.call('TYPE', KEYS[1]).ok
if t == 'none' then return 0 end
if t == 'hash' and count(redis.call('HGET', KEYS[1], ARGV[1])) then return 0 end
return redis.call('UNLINK', KEYS[1])`)

/**
 * Corrects counts by what they were found to be wrong, unless somebody else has corrected any since, or the shard has
 * gone back in time. KEYS shard · ARGV epoch, the watermark it had, the repairs it had, then field, by … → ok or changed.
 */
export const REPAIR = defineScript(`${STATE}
local w = state(KEYS[1], ARGV[1])
if w == 'gone' or w == 'wrong' or #w < #ARGV[2] or (#w == #ARGV[2] and w < ARGV[2]) then return 'changed' end
if (redis.call('HGET', KEYS[1], '_r') or '0') ~= ARGV[3] then return 'changed' end
for i = 4, #ARGV, 2 do
  if not count(redis.call('HGET', KEYS[1], ARGV[i])) then return 'changed' end
end
local repairs = tonumber(ARGV[3])
if not repairs then return 'changed' end
for i = 4, #ARGV, 2 do redis.call('HINCRBY', KEYS[1], ARGV[i], ARGV[i + 1]) end
redis.call('HSET', KEYS[1], '_r', string.format('%d', repairs + 1))
return 'ok'`)

/**
 * Takes or keeps the turn to apply. Not needed for being right, only so that one applies and the others rest.
 * KEYS turn, stood, broken · ARGV who, its last stroke, its next, how long in ms → {mine, as I left it, Redis's clock in ms,
 * stood, broken …}.
 */
export const ACQUIRE_LEASE = defineScript(`
local function get(key)
  local value = redis.pcall('GET', key)
  if type(value) ~= 'table' then return value end
  redis.call('UNLINK', key) -- of another type: not ours
  return false
end
local turn = get(KEYS[1])
local left = redis.call('PTTL', KEYS[1])
if left < 0 or left > tonumber(ARGV[4]) then turn = false end -- nobody of ours takes it for so long
local stood = get(KEYS[2]) or ''
local time = redis.call('TIME')
local now = string.format('%d', time[1] * 1000 + math.floor(time[2] / 1000))
if turn and string.sub(turn, 1, #ARGV[1]) ~= ARGV[1] then return {0, 0, now, stood} end
redis.call('SET', KEYS[1], ARGV[1] .. ' ' .. ARGV[3], 'PX', ARGV[4])
if redis.call('TYPE', KEYS[3]).ok ~= 'set' then redis.call('UNLINK', KEYS[3]) end
local known = turn == ARGV[1] .. ' ' .. ARGV[2]
return {1, known and 1 or 0, now, stood, unpack(redis.call('SPOP', KEYS[3], 64))}`)

/**
 * Notes what a reader did, and forgets what was noted of another history. KEYS own · ARGV how long in ms, epoch, below which
 * transaction all is contained, then field, value …
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
