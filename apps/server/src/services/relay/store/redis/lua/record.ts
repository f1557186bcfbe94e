/** The record itself: its keys, its birth, its tags, its lifetimes. Comes first in the library. */
export const RECORD = `
local ID, MAIL, BODIES, SENDERS, ALIAS, SESSIONS, BUNDLE = 1, 2, 3, 4, 5, 6, 7
local PREKEYS, SPENT, TAKES, NICKNAMES, ALIASES, GRANTS = 8, 9, 10, 11, 12, 13

-- What only the owner renews, and the mark, which must outlive all it guards.
local KEPT = { ID, BUNDLE, PREKEYS, SPENT, NICKNAMES, ALIASES, GRANTS }

-- Redis' own clock, so that all instances agree; it stands still while a function runs.
local function now_ms()
  local time = redis.call('TIME')
  return time[1] * 1000 + math.floor(time[2] / 1000)
end

local function renew(keys, ttl)
  for _, part in ipairs(KEPT) do redis.call('PEXPIRE', keys[part], ttl) end
end

-- What hex digits become under the pads of RFC 2104.
local INNER, OUTER = {}, {}

-- At first use, because a library has no string functions while it is loaded.
local function fill_tables()
  for char in ('0123456789abcdef'):gmatch('.') do
    INNER[char] = string.char(bit.bxor(char:byte(), 0x36))
    OUTER[char] = string.char(bit.bxor(char:byte(), 0x5c))
  end
end

-- HMAC-SHA-1 (RFC 2104), all that Lua has here. HMAC does not rest on collision resistance, which is what
-- SHA-1 lost. Cut to 80 bits, the least that section 5 allows.
local function tag_with(inner, outer, party)
  local hex = redis.sha1hex(inner .. party)
  local digest = struct.pack('>I4I4I4I4I4', tonumber(hex:sub(1, 8), 16), tonumber(hex:sub(9, 16), 16),
    tonumber(hex:sub(17, 24), 16), tonumber(hex:sub(25, 32), 16), tonumber(hex:sub(33, 40), 16))
  return redis.sha1hex(outer .. digest):sub(1, 20)
end

local function tag(keys, party)
  local pads = redis.call('HMGET', keys[ID], 'inner', 'outer')
  return tag_with(pads[1], pads[2], party)
end

-- tag_key: 64 hex digits, exactly one block of SHA-1, so that the pads need no filling.
local function create(keys, generation, tag_key)
  if not INNER['0'] then fill_tables() end
  local inner, outer = tag_key:gsub('.', INNER), tag_key:gsub('.', OUTER)
  redis.call('HSET', keys[ID], 'generation', generation, 'inner', inner, 'outer', outer)
  return inner, outer
end

-- args: ttl, and generation and tag key in case the record has to be created. Answers its generation.
local function serve(keys, args)
  local generation = redis.call('HGET', keys[ID], 'generation')
  if generation then return generation end
  create(keys, args[2], args[3])
  return args[2]
end

-- Whether the record is there, and still of this generation.
local function is_same(keys, generation)
  return redis.call('HGET', keys[ID], 'generation') == generation
end

redis.register_function{
  function_name = 'relay_standing', flags = { 'no-writes' },
  callback = function(keys)
    local record = redis.call('HMGET', keys[ID], 'generation', 'owned', 'logins')
    if not record[1] then return nil end
    return { record[1], record[2] and 1 or 0, tonumber(record[3] or 0) }
  end,
}

redis.register_function{
  function_name = 'relay_is_owned', flags = { 'no-writes' },
  callback = function(keys) return redis.call('HEXISTS', keys[1], 'owned') end,
}

-- args: generation. Whether an entry elsewhere that names this record still means it.
redis.register_function{
  function_name = 'relay_is_alive', flags = { 'no-writes' },
  callback = function(keys, args)
    return is_same(keys, args[1]) and 1 or 0
  end,
}

-- Erases all of the record and the alias entry under its name in one step. Answers what the caller needs
-- to erase elsewhere: generation, alias entry, sealed nicknames, sealed aliases.
redis.register_function{
  function_name = 'relay_burn', flags = { 'allow-oom' },
  callback = function(keys)
    local left = {
      redis.call('HGET', keys[ID], 'generation') or '',
      redis.call('GET', keys[ALIAS]) or '',
      redis.call('HVALS', keys[NICKNAMES]),
      redis.call('HVALS', keys[ALIASES]),
    }
    redis.call('DEL', unpack(keys))
    return left
  end,
}
`;
