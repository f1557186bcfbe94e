import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Unavailable } from '../unavailable.js';
import { Lane, type Outcome } from './lane.js';

/** A lane whose batches end when they are told to. */
function lane(options: { batch?: number; width?: number; bound?: number } = {}) {
  const started: { jobs: readonly number[]; end(): void }[] = [];
  const run = (jobs: readonly number[]) =>
    new Promise<readonly Outcome[]>((resolve) => {
      const end = () => resolve(jobs.map((value) => ({ ok: true, value })));
      started.push({ jobs, end });
    });
  return { started, lane: new Lane(run, { batch: 10, width: 1, bound: 100, ...options }) };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

test('what arrives while a batch is under way is the next batch, in its order and up to its size', async () => {
  const { lane: tested, started } = lane({ batch: 3 });
  const first = tested.submit(0);
  await turn();
  const rest = [1, 2, 3, 4].map((job) => tested.submit(job));
  await turn();
  assert.deepEqual(
    started.map(({ jobs }) => jobs),
    [[0]],
  );
  for (let batch = 0; batch < 3; batch++) {
    started[batch]?.end();
    await turn();
  }
  assert.deepEqual(await Promise.all([first, ...rest]), [0, 1, 2, 3, 4]);
  assert.deepEqual(
    started.map(({ jobs }) => jobs),
    [[0], [1, 2, 3], [4]],
  );
});

test('as many batches are under way as the lane is wide', async () => {
  const { lane: tested, started } = lane({ batch: 1, width: 2 });
  const jobs = [0, 1, 2].map((job) => tested.submit(job));
  await turn();
  assert.equal(started.length, 2);
  // The second ends before the first.
  started[1]?.end();
  await turn();
  assert.deepEqual(
    started.map(({ jobs }) => jobs),
    [[0], [1], [2]],
  );
  for (const { end } of started) end();
  assert.deepEqual(await Promise.all(jobs), [0, 1, 2]);
});

test('a hold waits for what is under way and lets nothing begin until its release', async () => {
  const { lane: tested, started } = lane();
  const first = tested.submit(0);
  await turn();
  let held = false;
  const holding = tested.hold().then((release) => {
    held = true;
    return release;
  });
  const second = tested.submit(1);
  await turn();
  assert.equal(held, false);
  started[0]?.end();
  const release = await holding;
  await turn();
  assert.equal(started.length, 1);
  release();
  release();
  await turn();
  started[1]?.end();
  assert.deepEqual(await Promise.all([first, second]), [0, 1]);
});

test('a batch that rejects is the error of its jobs alone', async () => {
  let runs = 0;
  const tested = new Lane<number>(
    async (jobs) => {
      if (runs++ === 0) throw new Error('first');
      return jobs.map((value) => ({ ok: true, value }));
    },
    { batch: 1, width: 1, bound: 10 },
  );
  const [first, second] = [tested.submit(1), tested.submit(2)];
  await assert.rejects(first, /first/);
  assert.equal(await second, 2);
});

test('a closed lane ends when its last job is done, and refuses meanwhile', async () => {
  const { lane: tested, started } = lane();
  const first = tested.submit(0);
  let closed = false;
  const closing = tested.close().then(() => {
    closed = true;
  });
  await assert.rejects(tested.submit(1), Unavailable);
  await turn();
  assert.equal(closed, false);
  started[0]?.end();
  assert.equal(await first, 0);
  await closing;
});
