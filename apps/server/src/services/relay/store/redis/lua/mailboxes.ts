/**
 * Mailboxes. `mail` is a zset: sequence → `sequence:at:size:tag:salt`
 * (the sequence makes members distinct; under 64 bytes Redis stores them compactly),
 * `bodies` a hash: sequence → message, `senders` a hash: tag → `count:bytes`, with `*` for all of them.
 */
export const MAILBOXES = `
local function parse_header(header)
  local at, size, sender, salt = header:match('^%d+:(%d+):(%d+):(%x+):(%x+)$')
  return tonumber(at), tonumber(size), sender, salt
end

local function parse_tally(tally)
  if not tally then return 0, 0 end
  local count, bytes = tally:match('^(%d+):(%d+)$')
  return tonumber(count), tonumber(bytes)
end

local function format_tally(count, bytes)
  return string.format('%.0f:%.0f', count, bytes)
end

-- Takes these messages out, given as sequence and header in turn.
local function remove(keys, messages)
  local less = { ['*'] = { 0, 0 } }
  for index = 1, #messages, 2 do
    local sequence, _, size, sender = messages[index], parse_header(messages[index + 1])
    redis.call('ZREMRANGEBYSCORE', keys[MAIL], sequence, sequence)
    redis.call('HDEL', keys[BODIES], sequence)
    less[sender] = less[sender] or { 0, 0 }
    for _, whose in ipairs({ sender, '*' }) do
      less[whose] = { less[whose][1] + 1, less[whose][2] + size }
    end
  end
  for whose, gone in pairs(less) do
    local count, bytes = parse_tally(redis.call('HGET', keys[SENDERS], whose))
    if count > gone[1] then
      redis.call('HSET', keys[SENDERS], whose, format_tally(count - gone[1], bytes - gone[2]))
    else
      redis.call('HDEL', keys[SENDERS], whose)
    end
  end
end

-- Drops what was queued at or before this time.
local function expire(keys, until_ms)
  local expired = {}
  while true do
    local oldest = redis.call('ZRANGE', keys[MAIL], #expired / 2, #expired / 2, 'WITHSCORES')
    if #oldest == 0 or parse_header(oldest[1]) > until_ms then break end
    expired[#expired + 1] = oldest[2]
    expired[#expired + 1] = oldest[1]
  end
  if #expired > 0 then remove(keys, expired) end
end

-- The alias entry that a message to this name follows, if any.
local function diversion(keys, owned)
  local entry = redis.call('GET', keys[ALIAS])
  if entry and (entry:sub(1, 1) == '1' or not owned) then return entry end
  return nil
end

-- args: ttl, generation, tag key, generation expected by an alias, create, memory is full, sender's
-- messages, sender's bytes, messages, bytes, sender, salt, size, body
redis.register_function('relay_append', function(keys, args)
  local expected, size = args[4], tonumber(args[13])
  local record = redis.call('HMGET', keys[ID], 'generation', 'owned', 'inner', 'outer')
  local known, inner, outer = record[1], record[3], record[4]
  if expected ~= '' then
    if known ~= expected then return { 'dead' } end
  else
    local entry = diversion(keys, record[2])
    if entry then return { 'diverted', entry } end
    if not known and args[5] == '0' then return { 'absent' } end
  end

  local now = now_ms()
  expire(keys, now - args[1])
  local handle = known and tag_with(inner, outer, args[11]) or ''
  local tallies = redis.call('HMGET', keys[SENDERS], handle, '*')
  local sent, sent_bytes = parse_tally(tallies[1])
  local all, all_bytes = parse_tally(tallies[2])
  if sent + 1 > tonumber(args[7]) or sent_bytes + size > tonumber(args[8]) then return { 'sender' } end
  if all + 1 > tonumber(args[9]) or all_bytes + size > tonumber(args[10]) then return { 'mailbox' } end
  if args[6] == '1' then return { 'memory' } end

  if not known then
    inner, outer = create(keys, args[2], args[3])
    handle = tag_with(inner, outer, args[11])
  end
  local sequence = redis.call('HINCRBY', keys[ID], 'tail', 1)
  local header = string.format('%.0f:%.0f:%.0f:%s:%s', sequence, now, size, handle, args[12])
  redis.call('ZADD', keys[MAIL], sequence, header)
  redis.call('HSET', keys[BODIES], sequence, args[14])
  redis.call('HSET', keys[SENDERS], handle, format_tally(sent + 1, sent_bytes + size),
    '*', format_tally(all + 1, all_bytes + size))
  for _, part in ipairs({ ID, MAIL, BODIES, SENDERS }) do redis.call('PEXPIRE', keys[part], args[1]) end
  return { 'ok', sequence }
end)

-- Answers the alias entry that a message to this name follows, or nil.
redis.register_function{
  function_name = 'relay_route', flags = { 'no-writes' },
  callback = function(keys) return diversion(keys, redis.call('HGET', keys[ID], 'owned')) end,
}

-- args: ttl, after, count, bytes, generation or ''. Answers sequence, salt and body of each message in turn.
redis.register_function{
  function_name = 'relay_read', flags = { 'allow-oom' },
  callback = function(keys, args)
    if args[5] ~= '' and not is_same(keys, args[5]) then return {} end
    expire(keys, now_ms() - args[1])
    local headers = redis.call('ZRANGE', keys[MAIL], '(' .. args[2], '+inf', 'BYSCORE', 'LIMIT', 0, args[3],
      'WITHSCORES')
    local messages, room = {}, tonumber(args[4])
    for index = 1, #headers, 2 do
      local _, size, _, salt = parse_header(headers[index])
      room = room - size
      if room < 0 and #messages > 0 then break end
      messages[#messages + 1] = headers[index + 1]
      messages[#messages + 1] = salt
      messages[#messages + 1] = redis.call('HGET', keys[BODIES], headers[index + 1])
    end
    return messages
  end,
}

-- args: ttl, then sequence and salt of each message. After a burn the same sequence is another message.
redis.register_function{
  function_name = 'relay_ack', flags = { 'allow-oom' },
  callback = function(keys, args)
    local messages, seen = {}, {}
    for index = 2, #args, 2 do
      local sequence = args[index]
      local header = redis.call('ZRANGE', keys[MAIL], sequence, sequence, 'BYSCORE')[1]
      if header and not seen[sequence] and select(4, parse_header(header)) == args[index + 1] then
        seen[sequence] = true
        messages[#messages + 1] = sequence
        messages[#messages + 1] = header
      end
    end
    if #messages > 0 then remove(keys, messages) end
    renew(keys, args[1])
    return #messages / 2
  end,
}
`;
