import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { leadingZeroBits } from '../hashcash/leading-zero-bits.js';
import { Nonces } from './search.js';
import { openTrack, TRACK_TABLE } from './table.js';
import type { Engine } from './track.js';
import { verify } from './verify.js';

const BUILDS = ['scalar', 'simd'] as const;
const CHAIN = { challenge: 'ab'.repeat(32), seed: 'cd'.repeat(32), steps: 3, bits: 4 };
const CPU_HASH = { challenge: 'ab'.repeat(32), bits: 12 };

function winners(engine: Engine, count: number): string[] {
  const found: string[] = [];
  while (found.length < count) {
    const nonce = engine.step();
    if (nonce !== undefined) found.push(nonce);
  }
  return found;
}

test('a search passes over no nonce and answers every winner, also several of one group', async () => {
  const read = TRACK_TABLE.CHAIN.read(CHAIN);
  assert.ok(read.ok);
  const wins = (nonce: string) => {
    const digest = TRACK_TABLE.CHAIN.reference(read.params, nonce);
    return digest instanceof Uint8Array && leadingZeroBits(digest) >= CHAIN.bits;
  };
  const expected = new Nonces('here').next(2000).filter(wins);
  for (const build of BUILDS) {
    const engine = await openTrack('CHAIN', CHAIN, build, 'here');
    assert.deepEqual(winners(engine, expected.length), expected, build);
  }
});

describe('nonces', () => {
  test('the same start walks the same ones, another start others', () => {
    assert.deepEqual(new Nonces('a').next(5), new Nonces('a').next(5));
    assert.notDeepEqual(new Nonces('a').next(5), new Nonces('b').next(5));
    assert.notDeepEqual(new Nonces().next(5), new Nonces().next(5));
  });

  test('they are 32 hexadecimal digits and never come twice, however many are asked for at a time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.array(fc.nat(40)), (start, counts) => {
        const nonces = new Nonces(start);
        const all = counts.flatMap((count) => nonces.next(count));
        assert.equal(new Set(all).size, all.length);
        for (const nonce of all) assert.match(nonce, /^[0-9a-f]{32}$/);
      }),
    );
  });
});

test('CPU_HASH finds the same nonces by both builds, they win, and the start decides where', async () => {
  const [scalar, simd, other] = await Promise.all([
    openTrack('CPU_HASH', CPU_HASH, 'scalar', 'here'),
    openTrack('CPU_HASH', CPU_HASH, 'simd', 'here'),
    openTrack('CPU_HASH', CPU_HASH, 'simd', 'there'),
  ]);
  const found = winners(scalar, 20);
  assert.deepEqual(winners(simd, 20), found);
  assert.notDeepEqual(winners(other, 20), found);
  for (const nonce of found) {
    assert.equal((await verify('CPU_HASH', CPU_HASH, nonce)).code, 1);
    assert.ok(nonce.length <= 128);
  }
});

test('digests asked for in the middle of a search do not disturb it', async () => {
  for (const [track, params] of [
    ['CPU_HASH', CPU_HASH],
    ['CHAIN', CHAIN],
  ] as const) {
    const quiet = winners(await openTrack(track, params, 'simd', 'here'), 10);
    const engine = await openTrack(track, params, 'simd', 'here');
    const disturbed = quiet.map(() => {
      engine.digests(['x'.repeat(200)]);
      return winners(engine, 1)[0];
    });
    assert.deepEqual(disturbed, quiet);
  }
});

test('parameters that a track refuses open no engine', async () => {
  await assert.rejects(openTrack('CHAIN', { ...CHAIN, steps: 0 }, 'simd'), /CHAIN refuses steps: 2/);
});
