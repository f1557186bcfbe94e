import type { RedisLibrary } from '../redis/connection.js';

/**
 * The verbs of `Volatile` that need more than one Redis command, as Redis functions (Redis 7 "Functions").
 * Time is Redis's own, so that all instances agree. The arithmetic is that of `bucket.ts`, `subject.ts` and
 * `events.ts`; the contract test holds both to the same cases.
 *
 * `bp_take` and `bp_record` may run in a full Redis: what they write is small and expires, and a door that
 * stands still would keep out the very requests that free memory.
 */
export const VOLATILE_LIBRARY: RedisLibrary = {
  code: `#!lua name=bp_volatile

local function now()
  local time = redis.call('TIME')
  return tonumber(time[1]) * 1000 + math.floor(tonumber(time[2]) / 1000)
end

-- Whole numbers beyond 14 digits, which Lua's own conversion would round.
local function text(number)
  return string.format('%.0f', number)
end

-- A key lives as long as the longest-lived thing in it.
local function keep(key, ms)
  if redis.call('PTTL', key) < ms then redis.call('PEXPIRE', key, text(ms)) end
end

-- Counts a violation; true when it was the one too many.
local function violate(key, earlier, limit, term, at)
  local times = {}
  for time in string.gmatch(earlier or '', '%d+') do
    if tonumber(time) > at - term then times[#times + 1] = time end
  end
  times[#times + 1] = text(at)
  local jailed = #times >= limit
  if jailed then
    redis.call('HDEL', key, 'violations')
    redis.call('HSET', key, 'jailed', text(at + term))
  else
    redis.call('HSET', key, 'violations', table.concat(times, ' '))
  end
  keep(key, term)
  return jailed
end

-- KEYS: subject. ARGV: bucket name, capacity, window, cost, violations, term; the last two empty without jail.
local function take(keys, args)
  local key, at = keys[1], now()
  local field = 'level:' .. args[1]
  local capacity, window, cost = tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  local limit, term = tonumber(args[5]), tonumber(args[6])
  local held = redis.call('HMGET', key, 'jailed', field, 'violations')

  local left = tonumber(held[1] or 0) - at
  if limit and left > 0 then return {'jailed', left} end

  local full, debt = capacity * window, 0
  local owed, since = string.match(held[2] or '', '^(%d+) (%d+)$')
  if owed then
    debt = math.min(tonumber(owed), full) - math.max(0, at - tonumber(since)) * capacity
    debt = math.max(0, debt)
  end

  local wanted = debt + cost * window
  if wanted <= full then
    if wanted > 0 then
      redis.call('HSET', key, field, text(wanted) .. ' ' .. text(at))
      keep(key, math.ceil(wanted / capacity))
    end
    return {'ok', math.floor((full - wanted) / window)}
  end
  if limit and violate(key, held[3], limit, term, at) then return {'jailed', term} end
  if cost > capacity then return {'limited', window} end
  return {'limited', math.ceil((wanted - full) / capacity)}
end

-- KEYS: subject.
local function jailed(keys)
  return math.max(0, tonumber(redis.call('HGET', keys[1], 'jailed') or 0) - now())
end

-- KEYS: event. ARGV: window.
local function record(keys, args)
  local key, window, at = keys[1], tonumber(args[1]), now()
  local slot = window / 10
  redis.call('HINCRBY', key, text(math.floor(at / slot)), 1)
  redis.call('PEXPIRE', key, text(math.ceil(window + slot)))
  if redis.call('HLEN', key) <= 11 then return end
  for _, old in ipairs(redis.call('HKEYS', key)) do
    if tonumber(old) < math.floor((at - window) / slot) then redis.call('HDEL', key, old) end
  end
end

-- KEYS: event. ARGV: window.
local function count(keys, args)
  local window, at, total = tonumber(args[1]), now(), 0
  local slots = redis.call('HGETALL', keys[1])
  for index = 1, #slots, 2 do
    if tonumber(slots[index]) >= math.floor((at - window) / (window / 10)) then
      total = total + tonumber(slots[index + 1])
    end
  end
  return total
end

redis.register_function{function_name = 'bp_take', callback = take, flags = {'allow-oom'}}
redis.register_function{function_name = 'bp_jailed', callback = jailed, flags = {'no-writes'}}
redis.register_function{function_name = 'bp_record', callback = record, flags = {'allow-oom'}}
redis.register_function{function_name = 'bp_count', callback = count, flags = {'no-writes'}}
`,
};
