/** What is needed of a connection to Redis to read everything it holds. */
type Sender = { send(command: readonly string[]): Promise<unknown> };

const READ: Record<string, (key: string) => string[]> = {
  string: (key) => ['GET', key],
  hash: (key) => ['HGETALL', key],
  list: (key) => ['LRANGE', key, '0', '-1'],
  zset: (key) => ['ZRANGE', key, '0', '-1', 'WITHSCORES'],
};

/** Every key and value as text. Throws at a type that it cannot read, so that nothing is overlooked. */
export async function dumpRedis(redis: Sender): Promise<string> {
  const keys = await redis.send(['KEYS', '*']);
  if (!Array.isArray(keys)) throw new TypeError('KEYS answers a list');
  const lines = keys.map(String).map(async (key) => {
    const type = String(await redis.send(['TYPE', key]));
    const read = READ[type];
    if (read === undefined) throw new TypeError(`no reader for a ${type}`);
    return `${key} ${JSON.stringify(await redis.send(read(key)))}`;
  });
  return (await Promise.all(lines)).join('\n');
}
