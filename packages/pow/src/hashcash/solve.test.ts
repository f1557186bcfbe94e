import assert from 'node:assert/strict';
import { once } from 'node:events';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { type Puzzle, solve, verify } from './index.js';

const SEED = '19b25856e1c150ca834cffc8b59b23adbd0ec0389e58eb22b3b64768098d002b';
const IDENTITY = '689f6a627384c7dcb2dcc1487e540223e77bdf9dcd0d8be8a326eda65b0ce9a4';
const HOPELESS: Puzzle = { seed: SEED, context: '', difficulty: 256 };

test('verify accepts what solve finds, in bits and in hex digits, for every kind of context', async () => {
  const recipients = `${IDENTITY},`.repeat(100);
  for (const context of ['', IDENTITY, 'alice', 'grüße-☃-🙂', recipients]) {
    for (const puzzle of [
      { seed: SEED, context, difficulty: 16 },
      { seed: SEED, context, difficulty: 4, unit: 'hex' },
    ] satisfies Puzzle[]) {
      const { nonce, attempts } = await solve(puzzle);
      assert.equal(verify(puzzle, nonce), true, `${context} ${nonce}`);
      assert.ok(attempts >= 1);
    }
  }
});

test('from a given start the first solution and its distance are known', async () => {
  const puzzle: Puzzle = { seed: SEED, context: IDENTITY, difficulty: 20 };
  assert.deepEqual(await solve(puzzle, { start: 0 }), { nonce: '0000000000918981', attempts: 918_982 });
  assert.deepEqual(await solve(puzzle, { start: 918_981n }), { nonce: '0000000000918981', attempts: 1 });
});

test('more than 32 bits, of which the kernel sees 32, are counted to the end', async () => {
  const puzzle: Puzzle = { seed: SEED, context: IDENTITY, difficulty: 35 };
  const nonce = '0000004705817966';
  assert.equal((await solve(puzzle, { start: BigInt(nonce) - 1000n })).nonce, nonce);

  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const search = solve(
    { ...puzzle, difficulty: 36 },
    { start: BigInt(nonce) - 1000n, signal: controller.signal, onProgress },
  );
  await assert.rejects(search, { name: 'AbortError' }, 'its digest has 35 zeros and no more');
});

test('without a start two searches begin apart', async () => {
  const easy: Puzzle = { seed: SEED, context: '', difficulty: 0 };
  assert.notEqual((await solve(easy)).nonce, (await solve(easy)).nonce);
});

test('searches at the same time do not disturb each other', async () => {
  const puzzles = ['a', 'b', 'c', 'd'].map((context): Puzzle => ({ seed: SEED, context, difficulty: 18 }));
  const solutions = await Promise.all(puzzles.map((puzzle) => solve(puzzle, { start: 0 })));
  for (const [i, puzzle] of puzzles.entries())
    assert.deepEqual(solutions[i], await solve(puzzle, { start: 0 }));
});

test('an aborted signal rejects with its reason before any work', async () => {
  const reason = new Error('changed my mind');
  const easy: Puzzle = { seed: SEED, context: '', difficulty: 0 };
  await assert.rejects(solve(easy, { signal: AbortSignal.abort(reason) }), reason);
});

test('a timer can end a hopeless search, and no progress is told afterwards', async () => {
  const controller = new AbortController();
  const reason = new Error('too dear');
  const told: number[] = [];
  const onProgress = (attempts: number) => {
    told.push(attempts);
    if (told.length === 2) setTimeout(() => controller.abort(reason), 0);
  };
  await assert.rejects(solve(HOPELESS, { signal: controller.signal, onProgress }), reason);

  assert.deepEqual(
    told,
    [...new Set(told)].sort((a, b) => a - b),
    'progress only grows',
  );
  const before = told.length;
  await delay(100);
  assert.equal(told.length, before);
});

test('no progress is told after a solution', async () => {
  let solved = false;
  let late = 0;
  const onProgress = () => {
    if (solved) late++;
  };
  await solve({ seed: SEED, context: IDENTITY, difficulty: 20 }, { start: 0, onProgress });
  solved = true;
  await delay(100);
  assert.equal(late, 0);
});

test('a difficulty or a start out of range is a RangeError, not an endless search', async () => {
  for (const difficulty of [-1, 257, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
    await assert.rejects(solve({ ...HOPELESS, difficulty }), RangeError);
  }
  await assert.rejects(solve({ ...HOPELESS, difficulty: 65, unit: 'hex' }), RangeError);
  for (const start of [-1, 10n ** 16n, 0.5]) await assert.rejects(solve(HOPELESS, { start }), RangeError);
});

test('solve works in a worker thread', async () => {
  const puzzle: Puzzle = { seed: SEED, context: 'alice', difficulty: 12 };
  const source = `
    const { parentPort, workerData } = await import('node:worker_threads');
    const { solve } = await import(workerData.module);
    parentPort.postMessage(await solve(workerData.puzzle));`;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(source)}`), {
    workerData: { module: new URL('./index.js', import.meta.url).href, puzzle },
  });
  const [{ nonce }] = await once(worker, 'message');
  assert.equal(verify(puzzle, nonce), true);
});
