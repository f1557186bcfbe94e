import assert from 'node:assert/strict';
import { performance } from 'node:perf_hooks';
import { after, describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import { TRACKS, type TrackName, tinyVmProgram, verify, vmChainProgram } from '../tracks/index.js';
import { Solver, SolverError } from './index.js';
import { openHere } from './thread/here.js';
import type { OpenThread } from './thread/thread.js';
import { watched } from './watched.fixture.js';

const EASY = { challenge: 'ab'.repeat(32), seed: 'cd'.repeat(32), steps: 1, bits: 12 };
const HOPELESS = { ...EASY, bits: 256 };

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

/** Waits for something that must come; the runner's limit ends it when it does not. */
async function until(there: () => boolean): Promise<void> {
  while (!there()) await delay(2);
}

for (const workers of [0, 1, 2]) {
  describe(`${workers} workers`, () => {
    test('verify accepts what is found, and the digest is its', async () => {
      const solver = make(workers);
      for (let round = 0; round < 3; round++) {
        const params = { ...EASY, challenge: `round ${round}` };
        const { nonce, digest, attempts } = await solver.solve('CHAIN', params);
        const verdict = await verify('CHAIN', params, nonce);
        assert.equal(verdict.code, 1);
        assert.equal(verdict.digest, digest);
        assert.ok(attempts >= 1);
      }
    });

    test('progress grows, and none is told after an abort', async () => {
      const solver = make(workers);
      const controller = new AbortController();
      const reason = new Error('round solved');
      const told: number[] = [];
      const onProgress = (attempts: number) => {
        told.push(attempts);
        if (told.length === 2) controller.abort(reason);
      };
      await assert.rejects(
        solver.solve('CHAIN', HOPELESS, { signal: controller.signal, onProgress }),
        reason,
      );
      assert.ok(Number(told[0]) > 0 && Number(told[1]) > Number(told[0]));
      // Another search on the same threads: what it tells must not reach the old listener.
      await solver.solve('CHAIN', { ...EASY, bits: 16 });
      assert.equal(told.length, 2);
    });

    test('no progress is told after a solution', async () => {
      const solver = make(workers);
      let solved = false;
      let late = 0;
      const onProgress = () => {
        if (solved) late += 1;
      };
      await solver.solve('CHAIN', { ...EASY, bits: 16 }, { onProgress });
      solved = true;
      await delay(300);
      assert.equal(late, 0);
    });

    test('a signal aborted before rejects with its reason and starts nothing', async () => {
      const watch = watched(workers === 0 ? openHere : undefined);
      const solver = make(workers, watch.open);
      const reason = new Error('changed my mind');
      await assert.rejects(solver.solve('CHAIN', EASY, { signal: AbortSignal.abort(reason) }), reason);
      assert.equal(watch.opened, 0);
    });

    test('a second search at the same time is refused and disturbs nothing', async () => {
      const solver = make(workers);
      const first = solver.solve('CHAIN', { ...EASY, bits: 16 });
      await assert.rejects(solver.solve('CHAIN', EASY), code('busy'));
      await first;
      await solver.solve('CHAIN', EASY);
    });

    test('parameters that the track refuses start nothing and name the member', async () => {
      const solver = make(workers);
      const refused = (error: unknown) => error instanceof SolverError && error.field === 'bits';
      await assert.rejects(solver.solve('CHAIN', { ...EASY, bits: -1 }), refused);
      await solver.solve('CHAIN', EASY);
    });

    test('while paused nothing is found; after resuming it is', async () => {
      const solver = make(workers);
      solver.pause();
      let found = false;
      const search = solver.solve('CHAIN', { ...EASY, bits: 0 }).then(() => {
        found = true;
      });
      await delay(50);
      assert.equal(found, false);
      solver.resume();
      await search;
    });

    test('a pause in the middle stops the attempts, and the search goes on behind it', async () => {
      const solver = make(workers);
      const controller = new AbortController();
      let told = 0;
      const onProgress = () => {
        told += 1;
      };
      const { signal } = controller;
      const search = assert.rejects(solver.solve('CHAIN', HOPELESS, { signal, onProgress }), {
        name: 'AbortError',
      });
      await until(() => told > 0);
      solver.pause();
      // Longer than any thread may take to halt; what was on its way has arrived then.
      await delay(400);
      const before = told;
      await delay(600);
      assert.equal(told, before);
      solver.resume();
      await until(() => told > before);
      controller.abort();
      await search;
    });

    test('a throttled search finds as well, and may be throttled and let loose in the middle', async () => {
      const solver = make(workers);
      solver.throttle(1);
      const search = solver.solve('CHAIN', { ...EASY, bits: 19 });
      solver.throttle(50);
      solver.throttle(100);
      await search;
      for (const percent of [0, 101, Number.NaN]) assert.throws(() => solver.throttle(percent), RangeError);
    });

    test('close rejects the search and every later one', async () => {
      const solver = make(workers);
      const search = assert.rejects(solver.solve('CHAIN', HOPELESS), code('closed'));
      solver.close();
      await search;
      await assert.rejects(solver.solve('CHAIN', EASY), code('closed'));
    });
  });
}

test('every track is searched', async () => {
  const solver = make(1);
  const challenge = 'every track';
  const seed = 'ab'.repeat(32);
  const bytes = Uint8Array.from({ length: 96 }, (_, i) => (i * 151) % 256);
  const params: Record<TrackName, object> = {
    CPU_HASH: { challenge },
    CHAIN: { challenge, seed, steps: 10 },
    MEM_WORK: { challenge, seed, steps: 10, lanes: 1, laneSize: 1024 },
    BRANCHY_MIX: { challenge, seed, rounds: 10 },
    TINY_VM: { challenge, seed, program_hex: tinyVmProgram(bytes, 16), steps: 100 },
    VM_CHAIN: {
      challenge,
      seed,
      program_hex: vmChainProgram(bytes, 16),
      steps: 100,
      memWords: 1024,
      chainUpdateEvery: 10,
      sampleWords: 4,
    },
    ARGON2D_CHAIN: { challenge, seed, memBlocks: 1024, passes: 1, lanes: 1 },
  };
  for (const track of TRACKS) {
    const asked = { ...params[track], bits: 4 };
    const { nonce, digest } = await solver.solve(track, asked);
    const verdict = await verify(track, asked, nonce, { build: 'reference' });
    assert.deepEqual([verdict.code, verdict.digest], [1, digest], track);
  }
});

test('a throttled search leaves the core idle for most of the time, an unthrottled one does not', async () => {
  const busy: number[] = [];
  for (const percent of [5, 100]) {
    const solver = make(0);
    solver.throttle(percent);
    let told = 0;
    const onProgress = () => {
      told += 1;
    };
    const controller = new AbortController();
    const { signal } = controller;
    const search = assert.rejects(solver.solve('CHAIN', HOPELESS, { signal, onProgress }));
    await until(() => told > 0);
    const before = performance.eventLoopUtilization();
    await until(() => told > 2);
    busy.push(performance.eventLoopUtilization(before).utilization);
    controller.abort();
    await search;
  }
  const [throttled = 1, loose = 0] = busy;
  assert.ok(throttled < 0.5 && loose > 0.5, String(busy));
});

test('a count of workers or a throttle out of range is a RangeError', () => {
  for (const workers of [-1, 1.5, Number.NaN]) assert.throws(() => new Solver({ workers }), RangeError);
  for (const throttle of [0, 101, Number.NaN]) assert.throws(() => new Solver({ throttle }), RangeError);
});
