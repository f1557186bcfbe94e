import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';
import { startRedis } from '@blindpost/testbed/redis';
import { figuresOf, type Sends } from './figures.js';
import type { Load, StoreRun } from './store.js';

/**
 * What `deliver` guarantees, as one function: an idempotency key for a day, bounds of the queue and of the sender's
 * share in number and bytes, a sequence without gaps, the envelope. KEYS: key, queue, share, stream.
 */
const FUNCTION = `
local before = redis.call('GET', KEYS[1])
if before then return before end
local q = redis.call('HMGET', KEYS[2], 'last', 'waiting', 'bytes')
local s = redis.call('HMGET', KEYS[3], 'waiting', 'bytes')
local size = #ARGV[2] + #ARGV[3] + 144
local limit, bytes = tonumber(ARGV[4]), tonumber(ARGV[5])
if tonumber(q[2] or 0) + 1 > limit or tonumber(q[3] or 0) + size > bytes then return {err = 'FULL queue'} end
if tonumber(s[1] or 0) + 1 > limit or tonumber(s[2] or 0) + size > bytes then return {err = 'FULL sender'} end
local sequence = tonumber(q[1] or 0) + 1
redis.call('SET', KEYS[1], sequence .. ':' .. ARGV[1], 'NX', 'EX', 86400)
redis.call('HSET', KEYS[2], 'last', sequence, 'waiting', tonumber(q[2] or 0) + 1, 'bytes', tonumber(q[3] or 0) + size)
redis.call('HSET', KEYS[3], 'waiting', tonumber(s[1] or 0) + 1, 'bytes', tonumber(s[2] or 0) + size)
redis.call('XADD', KEYS[4], sequence .. '-0', 'c', ARGV[2], 'h', ARGV[3], 'k', KEYS[1])
return sequence`;

const NO_LIMIT = '1000000000000';
const WARM_UP_SHARE = 4;

/** One load on a Redis that writes every command to disk before it answers: as a bare XADD, and as the function. */
export async function runRedis({ senders, recipients, sends }: Load): Promise<StoreRun[]> {
  const runs: StoreRun[] = [];
  for (const kind of ['xadd', 'function'] as const) {
    const redis = await startRedis({ durable: true });
    try {
      const clients = await Promise.all(Array.from({ length: senders }, () => Client.open(redis.port)));
      const sha = await clients[0]?.ask(encode(['SCRIPT', 'LOAD', FUNCTION]));
      const commands = (count: number) =>
        Array.from({ length: count }, (_, at) => {
          const to = at % recipients;
          const [key, ciphertext, header] = [randomBytes(16), randomBytes(256), randomBytes(40)];
          if (kind === 'xadd')
            return encode(['XADD', `x:${to}`, '*', 'c', ciphertext, 'h', header, 'k', key]);
          const keys = [key, `q:${to}`, `s:${to}:${at % senders}`, `x:${to}`];
          return encode(['EVALSHA', sha ?? '', '4', ...keys, '0', ciphertext, header, NO_LIMIT, NO_LIMIT]);
        });
      await sendAll(clients, commands(Math.ceil(sends / WARM_UP_SHARE)));
      const run = await sendAll(clients, commands(sends));
      for (const client of clients) client.close();
      runs.push({ target: `redis ${kind}`, senders, recipients, ...figuresOf(run) });
    } finally {
      await redis.stop();
    }
  }
  return runs;
}

async function sendAll(clients: readonly Client[], commands: readonly Buffer[]): Promise<Sends> {
  const times = new Float64Array(commands.length);
  const start = performance.now();
  const loop = async (client: Client, first: number) => {
    for (let at = first; at < commands.length; at += clients.length) {
      const command = commands[at];
      if (command === undefined) break;
      const began = performance.now();
      const answer = await client.ask(command);
      times[at] = performance.now() - began;
      if (answer.startsWith('-')) throw new Error(`redis: ${answer}`);
    }
  };
  await Promise.all(clients.map(loop));
  return { seconds: (performance.now() - start) / 1000, times };
}

function encode(parts: readonly (string | Buffer)[]): Buffer {
  const bulks = parts.flatMap((part) => {
    const bytes = Buffer.from(part);
    return [Buffer.from(`$${bytes.length}\r\n`), bytes, Buffer.from('\r\n')];
  });
  return Buffer.concat([Buffer.from(`*${parts.length}\r\n`), ...bulks]);
}

/** One connection, one command at a time; answers are short enough to come whole. */
class Client {
  #answered: (answer: string) => void = () => undefined;

  private constructor(readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (data) => {
      const text = data.toString('latin1');
      // Of a bulk, what is in it; of everything else, the line without its end.
      this.#answered(text.startsWith('$') ? (text.split('\r\n')[1] ?? '') : text.trimEnd());
    });
  }

  static open(port: number): Promise<Client> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () => resolve(new Client(socket)));
      socket.once('error', reject);
    });
  }

  ask(command: Buffer): Promise<string> {
    return new Promise((resolve) => {
      this.#answered = resolve;
      this.socket.write(command);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}
