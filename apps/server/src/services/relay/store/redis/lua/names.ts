/**
 * Nicknames and aliases: references in the owner's record (tag → sealed name), and entries under the name,
 * `proven:generation:owner:sealed`. See `entries.ts` for the order of the steps.
 */
export const NAMES = `
local BOOKS = { nicknames = NICKNAMES, aliases = ALIASES }

local function parse(entry)
  return entry:match('^(%d):(%x+):(%x+):(.*)$')
end

-- In the owner's slot. args: ttl, generation, tag key, book, limit, must be unowned, name, sealed,
-- and the generation that it must have, '' where a record may be created.
-- Answers the generation, and whether the reference is new.
redis.register_function('relay_refer', function(keys, args)
  local book, limit, name = keys[BOOKS[args[4]]], tonumber(args[5]), args[7]
  if args[9] ~= '' and not is_same(keys, args[9]) then return { 'gone' } end
  if args[6] == '1' and redis.call('HEXISTS', keys[ID], 'owned') == 1 then return { 'owned' } end
  local known = redis.call('EXISTS', keys[ID]) == 1
  if redis.call('HLEN', book) >= limit then
    if not known or redis.call('HEXISTS', book, tag(keys, name)) == 0 then return { 'limit' } end
  end
  local generation = serve(keys, args)
  local fresh = redis.call('HSETNX', book, tag(keys, name), args[8])
  renew(keys, args[1])
  return { 'ok', generation, fresh }
end)

-- In the owner's slot, after the entry stands. args: ttl, generation, book, name, sealed. 0 when the owner
-- was burnt or claimed meanwhile. Writes the reference again: a failed claim of the same owner may have removed it.
redis.register_function('relay_confirm', function(keys, args)
  if not is_same(keys, args[2]) then return 0 end
  redis.call('HSET', keys[BOOKS[args[3]]], tag(keys, args[4]), args[5])
  renew(keys, args[1])
  return 1
end)

-- In the owner's slot. args: generation, book, name, and the sealed name if only that reference is meant.
redis.register_function{
  function_name = 'relay_unrefer', flags = { 'allow-oom' },
  callback = function(keys, args)
    if not is_same(keys, args[1]) then return end
    local book, field = keys[BOOKS[args[2]]], tag(keys, args[3])
    if args[4] == '' or redis.call('HGET', book, field) == args[4] then redis.call('HDEL', book, field) end
  end,
}

-- In the name's slot. keys: entry, id under the same name; args: ttl, book, owner, generation, proven,
-- sealed, and an entry known to be dead. Answers the entry that is in the way, or the one displaced.
redis.register_function('relay_seize', function(keys, args)
  local ttl, book, owner, generation, proven = args[1], args[2], args[3], args[4], args[5]
  local alias = book == 'aliases'
  if alias and proven == '0' and redis.call('HEXISTS', keys[2], 'owned') == 1 then return { 'taken' } end
  local standing, displaced = redis.call('GET', keys[1]), ''
  if standing and standing ~= args[7] then
    local its_proven, its_generation, its_owner = parse(standing)
    if its_owner == owner then
      if its_generation == generation and its_proven == '1' then proven = '1' end
    elseif proven == '1' and (alias or its_proven == '0') then
      displaced = standing
    else
      return { 'held', standing }
    end
  end
  redis.call('SET', keys[1], table.concat({ proven, generation, owner, args[6] }, ':'), 'PX', ttl)
  return { 'ok', displaced }
end)

redis.register_function{
  function_name = 'relay_entry', flags = { 'no-writes' },
  callback = function(keys) return redis.call('GET', keys[1]) end,
}

-- args: owner, generation. Erases the entry if it is still this one's.
redis.register_function{
  function_name = 'relay_drop', flags = { 'allow-oom' },
  callback = function(keys, args)
    local _, generation, owner = parse(redis.call('GET', keys[1]) or '')
    if owner == args[1] and generation == args[2] then redis.call('DEL', keys[1]) end
  end,
}

-- args: ttl, owner, generation. Renews the entry if it is still this one's, else answers 0.
redis.register_function{
  function_name = 'relay_keep', flags = { 'allow-oom' },
  callback = function(keys, args)
    local _, generation, owner = parse(redis.call('GET', keys[1]) or '')
    if owner ~= args[2] or generation ~= args[3] then return 0 end
    return redis.call('PEXPIRE', keys[1], args[1])
  end,
}
`;
