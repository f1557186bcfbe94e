/** The generator: a process of its own that drives one server and is told by IPC what to do. */
import { WebSocket } from 'ws';
import { burst } from './burst.js';
import type { CallMessage, Calls } from './calls.js';
import { pace } from './pace.js';
import { inParallel, openPairs, type Pair } from './pair.js';
import { closed, login } from './raw.js';

const LOGINS = 32;
/** Idle sockets per source address: one address has about 28,000 ports. */
const PER_ADDRESS = 5_000;

let pairs: Pair[] = [];
let sockets: WebSocket[] = [];

const calls: Calls = {
  async open(options) {
    const start = performance.now();
    pairs = await openPairs(options.pairs, options);
    return performance.now() - start;
  },
  pace: ({ rate, seconds }) => pace(pairs, rate, seconds),
  burst: ({ messages, window }) => burst(pairs, messages, window),
  async idle(options) {
    const start = performance.now();
    const missing = Array.from({ length: options.sockets - sockets.length });
    const already = sockets.length;
    await inParallel(missing, LOGINS, async (_, index) => {
      const source = `127.0.0.${1 + Math.floor((already + index) / PER_ADDRESS)}`;
      sockets.push((await login(options, source)).socket);
    });
    return performance.now() - start;
  },
  lostIdle: async () => sockets.filter(({ readyState }) => readyState !== WebSocket.OPEN).length,
  async close() {
    await Promise.all([...pairs.map((pair) => pair.close()), ...sockets.map(closed)]);
    pairs = [];
    sockets = [];
    return null;
  },
};

function perform({ verb, args }: CallMessage): Promise<unknown> {
  switch (verb) {
    case 'open':
      return calls.open(args);
    case 'pace':
      return calls.pace(args);
    case 'burst':
      return calls.burst(args);
    case 'idle':
      return calls.idle(args);
    case 'lostIdle':
      return calls.lostIdle(args);
    case 'close':
      return calls.close(args);
  }
}

process.on('message', (message: CallMessage) => {
  perform(message).then(
    (answer) => process.send?.({ ok: true, answer }),
    (error: unknown) =>
      process.send?.({ ok: false, error: error instanceof Error ? error.stack : String(error) }),
  );
});
process.once('disconnect', () => process.exit());
