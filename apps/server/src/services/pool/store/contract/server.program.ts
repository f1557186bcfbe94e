/** A process with a database of its own that works until it has answered, or is killed. */
import process from 'node:process';
import { systemClock } from '../../../../platform/clock.js';
import type { Place } from './bench.js';
import { connect } from './connect.js';
import { Desk, newMiner, TERMS } from './desk.js';

/** What the process is told; it says `ready` when the database is open and begins when it is told `go`. */
export type Order = { place: Place } & (
  | { kind: 'race'; round: string; miners: string[]; now: number }
  /** Works until it is killed. */
  | { kind: 'churn' }
);
export type Report =
  | { kind: 'ready' }
  /** Answers to the race. */
  | { kind: 'raced'; wins: number; late: number }
  /** One thing that was answered as done. */
  | { kind: 'done'; what: 'win' | 'withdrawal' | 'redemption'; id: string };

/** Requests at once. */
const LANES = 4;

process.once('message', (order: Order) => void serve(order));

async function serve(order: Order): Promise<void> {
  const desk = new Desk(await connect(order.place));
  const go = new Promise((resolve) => process.once('message', resolve));
  report({ kind: 'ready' });
  await go;
  if (order.kind === 'race') {
    desk.now = order.now;
    const settled = await Promise.all(
      order.miners.map((miner) => desk.settle(new Uint8Array(Buffer.from(miner, 'hex')), order.round)),
    );
    const wins = settled.filter(({ status }) => status === 'win').length;
    report({ kind: 'raced', wins, late: settled.length - wins });
    await desk.db.close();
    process.disconnect();
  } else {
    desk.now = systemClock.now();
    desk.terms = { ...TERMS, weights: { CPU_HASH: 1 } };
    await desk.ensure(['CPU_HASH']);
    await Promise.all(Array.from({ length: LANES }, () => churn(desk, newMiner())));
  }
}

/** Wins, withdraws and redeems for ever. */
async function churn(desk: Desk, miner: Uint8Array): Promise<never> {
  for (;;) {
    desk.now += 10;
    const { id } = await desk.round(miner);
    if ((await desk.settle(miner, id)).status === 'win') report({ kind: 'done', what: 'win', id });
    const withdrawn = await desk.withdraw(miner, 1_000);
    if (withdrawn.status === 'ok') report({ kind: 'done', what: 'withdrawal', id: withdrawn.id });
    const redeemed = await desk.redeem(miner, 1_000);
    if (redeemed.status !== 'ok') continue;
    report({ kind: 'done', what: 'redemption', id: Buffer.from(redeemed.id).toString('hex') });
    for (const claimed of await desk.claim(redeemed.id)) await desk.record(claimed.id, 'delivered');
  }
}

function report(message: Report): void {
  process.send?.(message);
}
