/** The index of decoys. keys: due (zset: owner by expiry), entries (hash: owner → `generation:sealed`). */
export const DISCOVERABLE = `
-- Some of what nobody renewed; the rest goes with later calls.
local function prune(keys)
  local expired = redis.call('ZRANGE', keys[1], '-inf', now_ms(), 'BYSCORE', 'LIMIT', 0, 100)
  if #expired == 0 then return end
  redis.call('ZREM', keys[1], unpack(expired))
  redis.call('HDEL', keys[2], unpack(expired))
end

local function stands(keys, owner, generation)
  local entry = redis.call('HGET', keys[2], owner)
  return entry and entry:sub(1, #generation + 1) == generation .. ':'
end

local function show_until(keys, ttl, owner)
  redis.call('ZADD', keys[1], now_ms() + ttl, owner)
  for _, key in ipairs(keys) do redis.call('PEXPIRE', key, ttl) end
end

-- args: ttl, owner, generation, sealed
redis.register_function('relay_show', function(keys, args)
  prune(keys)
  redis.call('HSET', keys[2], args[2], args[3] .. ':' .. args[4])
  show_until(keys, args[1], args[2])
end)

-- args: ttl, owner, generation
redis.register_function{
  function_name = 'relay_show_longer', flags = { 'allow-oom' },
  callback = function(keys, args)
    if stands(keys, args[2], args[3]) then show_until(keys, args[1], args[2]) end
  end,
}

-- args: owner, generation
redis.register_function{
  function_name = 'relay_hide', flags = { 'allow-oom' },
  callback = function(keys, args)
    if not stands(keys, args[1], args[2]) then return end
    redis.call('ZREM', keys[1], args[1])
    redis.call('HDEL', keys[2], args[1])
  end,
}

-- args: count. Answers distinct owners, each followed by its entry.
redis.register_function{
  function_name = 'relay_draw', flags = { 'allow-oom' },
  callback = function(keys, args)
    prune(keys)
    return redis.call('HRANDFIELD', keys[2], args[1], 'WITHVALUES')
  end,
}
`;
