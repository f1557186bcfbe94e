/**
 * bench/e2ee: durable sends of the e2ee transport, from the store up to the recipient's socket. Not a test: nothing
 * fails here.
 *
 * Method 1. One machine, loopback. An envelope carries 256 bytes of ciphertext, a header of 40 and a key; a send is
 * over when it is on disk. At store level everything is made before the clock starts and the senders go in lock-step:
 * each sends its next when the last is answered.
 * - store: 1, 8 and 64 senders to one recipient and to 1,000, on SQLite, in rounds; medians.
 * - Control: Redis with `appendfsync always` on the same disk in the same rounds, as a bare XADD and as one function
 *   that keeps the same promises.
 * - postgres: 64 senders, one recipient and 1,000.
 * - cost: per send beside 1,000, 100,000 and, with --million, 1,000,000 stored in one queue; five rounds in turn.
 * - server: a whole server; 64 kept connections, one socket with 64 in flight, and the time from a send to the
 *   recipient's frame at 200 a second.
 * - fairness: the same of a pair at 50 a second, alone, beside sockets that never read, beside a flood to one recipient.
 *   Control: beside the same flood at another server, which takes as much of the machine.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { machine } from '../relay/procfs.js';
import { commit } from '../relay/results.js';
import { medianOf } from './figures.js';
import { runRedis } from './redis.js';
import { runFairness, runServer } from './server.js';
import { type Load, runCost, runPostgres, runSqlite, type StoreRun } from './store.js';

const PARTS = ['store', 'postgres', 'cost', 'server', 'fairness'];
const COST_ROUNDS = 5;
const COST_SENDS = 10_000;
/** Sends of a round as a part of those of 64 senders: fewer share a commit. */
const SHARES = new Map([
  [1, 20],
  [8, 4],
  [64, 1],
]);

const { values: options } = parseArgs({
  options: {
    json: { type: 'string' },
    parts: { type: 'string', default: PARTS.join() },
    sends: { type: 'string', default: '40000' },
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '10' },
    million: { type: 'boolean', default: false },
  },
});
const parts = options.parts.split(',');
const sends = Number(options.sends);
const rounds = Number(options.rounds);
const seconds = Number(options.seconds);

const results: Record<string, unknown> = {
  method: 1,
  date: new Date().toISOString(),
  commit: commit(),
  machine: machine(),
  options,
};

if (parts.includes('store')) await part('store', compareStores);
if (parts.includes('postgres')) {
  await part('postgres', () =>
    runPostgres([1, 1_000].map((recipients) => ({ senders: 64, recipients, sends }))),
  );
}
const sizes = [1_000, 100_000, ...(options.million ? [1_000_000] : [])];
if (parts.includes('cost')) await part('cost', () => runCost(sizes, COST_ROUNDS, COST_SENDS));
if (parts.includes('server')) await part('server', () => runServer(seconds));
if (parts.includes('fairness')) await part('fairness', () => runFairness(seconds));

async function part(name: string, run: () => Promise<object>): Promise<void> {
  const found = await run();
  results[name] = found;
  for (const [key, value] of Object.entries(found))
    process.stdout.write(`${name} ${key}: ${JSON.stringify(value)}\n`);
  // After each part: whoever ends the run early keeps what there is.
  if (options.json !== undefined) writeFileSync(options.json, `${JSON.stringify(results, null, 1)}\n`);
}

async function compareStores(): Promise<StoreRun[]> {
  const medians: StoreRun[] = [];
  for (const recipients of [1, 1_000]) {
    for (const [senders, share] of SHARES) {
      const load: Load = { senders, recipients, sends: Math.ceil(sends / share) };
      const runs: StoreRun[] = [];
      for (let round = 0; round < rounds; round++)
        runs.push(await runSqlite(load), ...(await runRedis(load)));
      for (const target of new Set(runs.map((run) => run.target))) {
        const figures = medianOf(runs.filter((run) => run.target === target));
        medians.push({ target, senders, recipients, ...figures });
      }
    }
  }
  return medians;
}
