import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ChallengeType, PowUnit } from '@blindpost/protocol/relay';
import fc from 'fast-check';
import { loadSurcharge, price } from './price.js';

const BASE = { bits: 20, hex: 4 };
const TYPES: ChallengeType[] = ['registration', 'upload', 'auth', 'burn', 'alias', 'relay', 'account'];
const PAID = fc.constantFrom<ChallengeType>(...TYPES);
const UNIT = fc.constantFrom<PowUnit>('bits', 'hex');

/** Registrations in 5 minutes, p99 of the event loop in ms, surcharge in bits. */
const LOADS: [number, number, number][] = [
  [0, 0, 0],
  [30, 100, 0],
  [31, 0, 2],
  [100, 0, 2],
  [101, 0, 4],
  [100_000, 0, 4],
  [0, 100.1, 2],
  [31, 101, 4],
  [101, 5_000, 6],
];
for (const [registrations, loopDelayMs, bits] of LOADS) {
  test(`${registrations} registrations and ${loopDelayMs} ms of lag cost ${bits} bits more`, () => {
    assert.equal(loadSurcharge({ registrations, loopDelayMs }), bits);
  });
}

/** Length of the nickname, surcharge in bits and in hex digits. */
const NICKNAMES: [number, number, number][] = [
  [3, 6, 3],
  [5, 6, 3],
  [6, 4, 2],
  [7, 4, 2],
  [8, 2, 1],
  [9, 2, 1],
  [10, 0, 0],
  [32, 0, 0],
];
for (const [length, bits, digits] of NICKNAMES) {
  test(`a nickname of ${length} costs ${bits} bits or ${digits} hex digits more`, () => {
    const purpose = { type: 'registration', nickname: 'x'.repeat(length) } as const;
    assert.equal(price(purpose, BASE.bits, 0, 'bits'), BASE.bits + bits);
    assert.equal(price(purpose, BASE.hex, 0, 'hex'), BASE.hex + digits);
  });
}

/** Surcharge of the load in bits, in hex digits: never less than the bits ask. */
const LOAD_DIGITS: [number, number][] = [
  [0, 0],
  [2, 1],
  [4, 1],
  [6, 2],
];
for (const [bits, digits] of LOAD_DIGITS) {
  test(`a load of ${bits} bits costs ${digits} hex digits`, () => {
    for (const type of TYPES) {
      assert.equal(price({ type }, BASE.bits, bits, 'bits'), BASE.bits + bits);
      assert.equal(price({ type }, BASE.hex, bits, 'hex'), BASE.hex + digits);
    }
  });
}

test('decoys cost 8 bits or 2 hex digits, whatever the base, the load and the nickname', () => {
  fc.assert(
    fc.property(
      fc.nat(40),
      fc.nat(20),
      fc.option(fc.string(), { nil: undefined }),
      (base, load, nickname) => {
        assert.equal(price({ type: 'decoy', nickname }, base, load, 'bits'), 8);
        assert.equal(price({ type: 'decoy', nickname }, base, load, 'hex'), 2);
      },
    ),
  );
});

test('surcharges add up to the cap of 8 bits or 3 digits above the base, and a flood moves it no further', () => {
  assert.equal(price({ type: 'registration', nickname: 'abc' }, 20, 2, 'bits'), 28);
  assert.equal(price({ type: 'registration', nickname: 'abc' }, 20, 6, 'bits'), 28);
  assert.equal(price({ type: 'registration', nickname: 'abc' }, 4, 6, 'hex'), 7);
  fc.assert(
    fc.property(PAID, UNIT, fc.nat(32), fc.nat(1_000), fc.string(), (type, unit, base, load, nickname) => {
      const asked = price({ type, nickname }, base, load, unit);
      assert.ok(asked >= base && asked <= base + (unit === 'bits' ? 8 : 3));
    }),
  );
});

test('a shorter nickname and a higher load never cost less', () => {
  const lengths = fc.tuple(fc.nat(40), fc.nat(40));
  fc.assert(
    fc.property(UNIT, lengths, lengths, (unit, [one, other], [low, more]) => {
      const cost = (length: number, load: number) =>
        price({ type: 'registration', nickname: 'x'.repeat(length) }, BASE[unit], load, unit);
      assert.ok(cost(Math.min(one, other), low + more) >= cost(Math.max(one, other), low));
    }),
  );
});
