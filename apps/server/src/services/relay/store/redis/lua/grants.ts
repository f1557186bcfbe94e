/** Who may see the owner's presence: a hash, tag → sealed peer. */
export const GRANTS = `
-- args: ttl, generation, peer, sealed, limit
redis.register_function('relay_grant', function(keys, args)
  if not is_same(keys, args[2]) then return 'gone' end
  local handle = tag(keys, args[3])
  local full = redis.call('HLEN', keys[GRANTS]) >= tonumber(args[5])
  local refused = full and redis.call('HEXISTS', keys[GRANTS], handle) == 0
  if not refused then redis.call('HSET', keys[GRANTS], handle, args[4]) end
  renew(keys, args[1])
  return refused and 'limit' or 'ok'
end)

-- args: ttl, generation, peer
redis.register_function{
  function_name = 'relay_revoke', flags = { 'allow-oom' },
  callback = function(keys, args)
    if not is_same(keys, args[2]) then return end
    redis.call('HDEL', keys[GRANTS], tag(keys, args[3]))
    renew(keys, args[1])
  end,
}

-- args: all, then peers unless all are meant
redis.register_function{
  function_name = 'relay_granted', flags = { 'no-writes' },
  callback = function(keys, args)
    if args[1] == '1' then return redis.call('HVALS', keys[GRANTS]) end
    local pads, found = redis.call('HMGET', keys[ID], 'inner', 'outer'), {}
    if not pads[1] then return found end
    for index = 2, #args do
      local handle = tag_with(pads[1], pads[2], args[index])
      found[#found + 1] = redis.call('HGET', keys[GRANTS], handle) or nil
    end
    return found
  end,
}
`;
