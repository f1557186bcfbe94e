/** Ownership and sessions. A session is a field of a hash: token hash → `by:expiresAt:login`. */
export const SESSIONS = `
-- Empty when the name had an owner before. If not, what work alone had opened or planted ends, and with the
-- new generation what is under way; answers what the caller needs to erase elsewhere: the generation until
-- now, sealed nicknames, sealed aliases.
local function claim_ownership(keys, generation)
  if redis.call('HSETNX', keys[ID], 'owned', 1) == 0 then return {} end
  local planted = {
    redis.call('HGET', keys[ID], 'generation'),
    redis.call('HVALS', keys[NICKNAMES]),
    redis.call('HVALS', keys[ALIASES]),
  }
  redis.call('HSET', keys[ID], 'generation', generation)
  redis.call('DEL', keys[NICKNAMES], keys[ALIASES], keys[GRANTS])
  local sessions = redis.call('HGETALL', keys[SESSIONS])
  for index = 1, #sessions, 2 do
    if sessions[index + 1]:sub(1, 5) == 'work:' then redis.call('HDEL', keys[SESSIONS], sessions[index]) end
  end
  return planted
end

-- Drops expired sessions and, to make room for one more, the oldest. Answers the latest expiry kept.
local function make_room(keys, limit, now)
  local sessions = redis.call('HGETALL', keys[SESSIONS])
  local open, latest = {}, 0
  for index = 1, #sessions, 2 do
    local expires_at, login = sessions[index + 1]:match(':(%d+):(%d+)$')
    if tonumber(expires_at) <= now then
      redis.call('HDEL', keys[SESSIONS], sessions[index])
    else
      open[#open + 1] = { token = sessions[index], login = tonumber(login) }
      latest = math.max(latest, tonumber(expires_at))
    end
  end
  table.sort(open, function(left, right) return left.login < right.login end)
  for index = 1, #open - limit + 1 do redis.call('HDEL', keys[SESSIONS], open[index].token) end
  return latest
end

local function tail_and_keys(keys)
  local tail = redis.call('HGET', keys[ID], 'tail') or 0
  local missing = redis.call('LLEN', keys[PREKEYS]) == 0 and 1 or 0
  return tonumber(tail), missing
end

-- What stands elsewhere for this owner, for the caller to renew.
local function elsewhere(keys)
  local shown = redis.call('HGET', keys[BUNDLE], 'shown') == '1' and 1 or 0
  return { redis.call('HVALS', keys[NICKNAMES]), redis.call('HVALS', keys[ALIASES]), shown }
end

-- args: ttl, generation, tag key, by, token hash, expiry, session limit
redis.register_function('relay_admit', function(keys, args)
  local by, token, expires_at = args[4], args[5], args[6]
  if by == 'work' and redis.call('HEXISTS', keys[ID], 'owned') == 1 then return { 'owned' } end
  serve(keys, args)
  local planted = by == 'key' and claim_ownership(keys, args[2]) or {}
  local generation = redis.call('HGET', keys[ID], 'generation')
  local login = redis.call('HINCRBY', keys[ID], 'logins', 1)
  local now = now_ms()
  redis.call('HDEL', keys[SESSIONS], token)
  local latest = make_room(keys, tonumber(args[7]), now)
  redis.call('HSET', keys[SESSIONS], token, by .. ':' .. expires_at .. ':' .. login)
  -- Never past the mark: nobody may resume into a record that somebody else began.
  local gone_at = math.min(math.max(latest, tonumber(expires_at)), now + args[1])
  redis.call('PEXPIREAT', keys[SESSIONS], string.format('%.0f', gone_at))
  renew(keys, args[1])
  local tail, missing = tail_and_keys(keys)
  return { 'ok', generation, elsewhere(keys), login, tail, missing, planted }
end)

-- args: ttl, token hash. Whoever holds a token may come and empty a mailbox even when memory is full.
redis.register_function{
  function_name = 'relay_resume', flags = { 'allow-oom' },
  callback = function(keys, args)
    local session = redis.call('HGET', keys[SESSIONS], args[2])
    local generation = redis.call('HGET', keys[ID], 'generation')
    if not session or not generation then return nil end
    local by, expires_at = session:match('^(%a+):(%d+):')
    if tonumber(expires_at) <= now_ms() then return nil end
    local login = redis.call('HINCRBY', keys[ID], 'logins', 1)
    renew(keys, args[1])
    local tail, missing = tail_and_keys(keys)
    return { 'ok', generation, elsewhere(keys), login, tail, missing, by, tonumber(expires_at) }
  end,
}

-- args: ttl, generation, tag key
redis.register_function('relay_own', function(keys, args)
  serve(keys, args)
  local planted = claim_ownership(keys, args[2])
  renew(keys, args[1])
  return planted
end)
`;
