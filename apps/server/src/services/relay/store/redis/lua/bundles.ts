/**
 * Key bundles. `bundle` is a hash (sealed, shown), `prekeys` a list of length-prefixed fingerprint and
 * record, `spent` a zset of fingerprints by when they were handed out, `takes` a list of `at:tag`.
 */
export const BUNDLES = `
-- args: ttl, generation, tag key, sealed, shown, then fingerprint and record of each prekey
redis.register_function('relay_put_bundle', function(keys, args)
  serve(keys, args)
  local planted = claim_ownership(keys, args[2])
  local created = 1 - redis.call('EXISTS', keys[BUNDLE])
  redis.call('HSET', keys[BUNDLE], 'sealed', args[4], 'shown', args[5])
  redis.call('DEL', keys[PREKEYS])
  local seen, stock = {}, 0
  for index = 6, #args, 2 do
    local fingerprint = args[index]
    if not seen[fingerprint] and not redis.call('ZSCORE', keys[SPENT], fingerprint) then
      seen[fingerprint] = true
      stock = stock + 1
      redis.call('RPUSH', keys[PREKEYS], struct.pack('>I2', #fingerprint) .. fingerprint .. args[index + 1])
    end
  end
  renew(keys, args[1])
  return { stock, planted, created, redis.call('HGET', keys[ID], 'generation') }
end)

-- Takes within the last window that count against the caps: of this tag, and in all.
local function counted(keys, handle, since)
  local takes = redis.call('LRANGE', keys[TAKES], 0, -1)
  local expired, own = 0, 0
  for index, take in ipairs(takes) do
    local at, by = take:match('^(%d+):(.*)$')
    if tonumber(at) <= since then expired = index elseif by == handle then own = own + 1 end
  end
  if expired > 0 then redis.call('LTRIM', keys[TAKES], expired, -1) end
  return own, #takes - expired
end

-- One prekey that nobody gets again, nil when there is none or the caps are reached.
local function take_prekey(keys, args)
  local per_requester, per_target, window = tonumber(args[2]), tonumber(args[3]), tonumber(args[4])
  local now, handle = now_ms(), tag(keys, args[1])
  local own, all = counted(keys, handle, now - window)
  if all >= per_target or own >= per_requester then return nil end
  local preKey = redis.call('LPOP', keys[PREKEYS])
  if not preKey then return nil end
  local length = struct.unpack('>I2', preKey)
  local turn = redis.call('HINCRBY', keys[ID], 'handed', 1)
  redis.call('ZADD', keys[SPENT], turn, preKey:sub(3, 2 + length))
  redis.call('ZREMRANGEBYRANK', keys[SPENT], 0, -1 - tonumber(args[5]))
  redis.call('PEXPIREAT', keys[SPENT], redis.call('PEXPIRETIME', keys[BUNDLE]))
  redis.call('RPUSH', keys[TAKES], string.format('%.0f:%s', now, handle))
  redis.call('PEXPIRE', keys[TAKES], window)
  return preKey:sub(3 + length)
end

-- args: requester, cap per requester, cap per target, window, fingerprints to remember
redis.register_function('relay_take_bundle', function(keys, args)
  local sealed = redis.call('HGET', keys[BUNDLE], 'sealed')
  if not sealed then return nil end
  return { sealed, take_prekey(keys, args) or false }
end)

-- args: generation. Whether an entry of the index may be drawn.
redis.register_function{
  function_name = 'relay_is_shown', flags = { 'no-writes' },
  callback = function(keys, args)
    if redis.call('HGET', keys[ID], 'generation') ~= args[1] then return 0 end
    return redis.call('HGET', keys[BUNDLE], 'shown') == '1' and 1 or 0
  end,
}
`;
