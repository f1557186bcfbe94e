/** What becomes of the threads: which are ended, which are kept, which are replaced. */
import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { verify } from '../tracks/index.js';
import { Solver, SolverError } from './index.js';
import type { Order } from './orders.js';
import { openHere } from './thread/here.js';
import type { OpenThread, Thread } from './thread/thread.js';
import { watched } from './watched.fixture.js';

const EASY = { challenge: 'ab'.repeat(32), seed: 'cd'.repeat(32), steps: 1, bits: 12 };
const HOPELESS = { ...EASY, bits: 256 };
/** One attempt of it takes hours: nothing but the end of its thread can stop it. */
const ENDLESS = { ...EASY, steps: 0xffffffff };

const open: Solver[] = [];
after(() => {
  for (const solver of open) solver.close();
});

function make(workers: number, start?: OpenThread): Solver {
  const solver = new Solver({ workers }, start);
  open.push(solver);
  return solver;
}

function code(expected: string): (error: unknown) => boolean {
  return (error) => error instanceof SolverError && error.code === expected;
}

test('a thread that cannot do it leaves it to the others; when none can, the search ends', async () => {
  const unable: OpenThread = ({ report }) => ({
    order(order) {
      if (order.type !== 'search') return;
      const { job } = order;
      queueMicrotask(() => report({ type: 'failed', job, message: 'no memory' }));
    },
    terminate() {},
  });
  let opened = 0;
  const one = make(2, (listener) => (opened++ === 0 ? unable(listener) : openHere(listener)));
  await one.solve('CHAIN', EASY);
  await assert.rejects(make(2, unable).solve('CHAIN', EASY), code('failed'));
});

test('an abort in the middle of an endless attempt ends the thread, and the next search has another', async () => {
  const watch = watched();
  const solver = make(1, watch.open);
  // The thread may not have begun when the abort comes; then it obeys, and is asked once more.
  do {
    const controller = new AbortController();
    const { signal } = controller;
    const search = assert.rejects(solver.solve('CHAIN', ENDLESS, { signal }), { name: 'AbortError' });
    await delay(100);
    controller.abort();
    await search;
    await delay(100);
  } while (watch.alive() > 0);
  const { nonce } = await solver.solve('CHAIN', EASY);
  assert.equal((await verify('CHAIN', EASY, nonce)).code, 1);
  assert.deepEqual([watch.opened, watch.terminated, watch.alive()], [2, 1, 1]);
});

test('a pause in the middle of an endless attempt ends the thread; resuming begins anew', async () => {
  const watch = watched();
  const solver = make(1, watch.open);
  const controller = new AbortController();
  const { signal } = controller;
  const search = assert.rejects(solver.solve('CHAIN', ENDLESS, { signal }), { name: 'AbortError' });
  do {
    solver.resume();
    await delay(100);
    solver.pause();
    await delay(100);
  } while (watch.alive() > 0);
  assert.equal(watch.opened, 1, 'nothing is begun while paused');
  solver.resume();
  assert.deepEqual([watch.opened, watch.terminated], [2, 1]);
  controller.abort();
  await search;
});

test('a thread that is still being loaded is waited for, not ended', async () => {
  const slow: OpenThread = (listener) => {
    let thread: Thread | undefined;
    const waiting: Order[] = [];
    setTimeout(() => {
      thread = openHere(listener);
      for (const order of waiting) thread.order(order);
    }, 300);
    return {
      order: (order) => (thread === undefined ? void waiting.push(order) : thread.order(order)),
      terminate: () => thread?.terminate(),
    };
  };
  const watch = watched(slow);
  const solver = make(1, watch.open);
  const controller = new AbortController();
  const search = assert.rejects(solver.solve('CHAIN', HOPELESS, { signal: controller.signal }));
  controller.abort();
  await search;
  await delay(100);
  await solver.solve('CHAIN', EASY);
  assert.deepEqual([watch.opened, watch.terminated], [1, 0]);
});

test('threads that halt in time are kept', async () => {
  const watch = watched(openHere);
  const solver = make(2, watch.open);
  for (let round = 0; round < 5; round++) await solver.solve('CHAIN', EASY);
  solver.pause();
  solver.resume();
  await delay(100);
  assert.deepEqual([watch.opened, watch.terminated], [2, 0]);
});

test('a thread that dies is replaced and the search goes on', async () => {
  let deaths = 0;
  const watch = watched();
  const solver = make(1, (listener) => {
    const thread = watch.open(listener);
    if (deaths++ < 3) queueMicrotask(() => listener.died(new Error('died')));
    return thread;
  });
  await solver.solve('CHAIN', EASY);
  assert.deepEqual([watch.opened, watch.alive()], [4, 1]);
});

test('threads that keep dying end the search with their error; the solver can be asked again', async () => {
  let broken = true;
  const dying: OpenThread = (listener) => {
    const worker = new Worker('process.exit(3)', { eval: true });
    worker.once('exit', (exit) => listener.died(new Error(`exit ${exit}`)));
    return { order: () => {}, terminate: () => void worker.terminate() };
  };
  const watch = watched();
  const solver = make(2, (listener) => (broken ? dying(listener) : watch.open(listener)));
  await assert.rejects(solver.solve('CHAIN', EASY), (error: unknown) => {
    assert.ok(error instanceof SolverError && error.code === 'crashed');
    assert.ok(error.cause instanceof Error && error.cause.message === 'exit 3');
    return true;
  });
  broken = false;
  await solver.solve('CHAIN', EASY);
});

test('threads that cannot even be started end the search', async () => {
  const solver = make(2, () => {
    throw new Error('no more threads');
  });
  await assert.rejects(solver.solve('CHAIN', EASY), code('crashed'));
});
