// What the Redis level does at one moment. KEYS are always a value and its lease, in one slot.

import { defineScript } from '../redis/redis.ts'

// A value is ours if its stamp is, and young enough if the place in the log after the stamp is not below what the asker
// has heard. What is not, is as if it were not there, whoever put it there.
const READ = `
local function read(key, stamp, since)
  local value = redis.pcall('GET', key)
  if type(value) ~= 'string' then return nil end
  local head = #stamp
  if string.sub(value, 1, head) ~= stamp or string.sub(value, head + 1, head + 40) < since then return nil end
  return value
end`

/**
 * ARGV: stamp, since, token, lease in ms, milliseconds left below which a value is old.
 * Answers {value}, {value, token} when it is old and the asker is to load it anew, {nil, token} when there is none and the
 * asker is to load it, {} when somebody else does.
 */
export const READ_OR_LEASE = defineScript(`${READ}
local stamp, since, token, ms, old = ARGV[1], ARGV[2], ARGV[3], ARGV[4], tonumber(ARGV[5])
local value = read(KEYS[1], stamp, since)
if value and (string.sub(value, -2) == '|-' or redis.call('PTTL', KEYS[1]) >= old) then return {value} end
if not redis.call('SET', KEYS[2], token, 'NX', 'PX', ms) then
  if value then return {value} end
  -- A lease ends by itself, and soon; what does not is none of ours.
  local left = redis.call('PTTL', KEYS[2])
  if left >= 0 and left <= tonumber(ms) then return {} end
  redis.call('SET', KEYS[2], token, 'PX', ms)
end
return {value or false, token}`)

/** ARGV: stamp, token, place in the log, value, ms. Keeps the value if the lease is still the asker's and nothing newer is there. */
export const STORE = defineScript(`${READ}
if redis.pcall('GET', KEYS[2]) ~= ARGV[2] then return 0 end
redis.call('UNLINK', KEYS[2])
local value = read(KEYS[1], ARGV[1], '')
if value and string.sub(value, #ARGV[1] + 1, #ARGV[1] + 40) > ARGV[3] then return 0 end
redis.call('SET', KEYS[1], ARGV[4], 'PX', ARGV[5])
return 1`)

/**
 * ARGV: stamp, place of the change. Forgets the value, unless it is newer than the change, and takes the lease away from who
 * began to read before it heard of the change. Each process tells of each change, one after another, and who loads meanwhile
 * loads for all.
 */
export const INVALIDATE = defineScript(`${READ}
if read(KEYS[1], ARGV[1], ARGV[2]) then return 0 end
redis.call('UNLINK', KEYS[1])
local lease = redis.pcall('GET', KEYS[2])
if type(lease) ~= 'string' or not string.find(lease, '^%d+|') or string.sub(lease, 1, 40) < ARGV[2] then redis.call('UNLINK', KEYS[2]) end
return 1`)

/** ARGV: token. Gives the lease back, so that nobody waits for one who failed. */
export const RELEASE_LEASE = defineScript(`
if redis.pcall('GET', KEYS[1]) == ARGV[1] then redis.call('UNLINK', KEYS[1]) end
return 1`)
