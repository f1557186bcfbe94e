import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { assign } from './assignment.js';

const draw = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const name = fc.constantFrom('A', 'B', 'C', 'D', 'E');
const rounds = fc.uniqueArray(name).map((names) => names.map((track) => ({ track })));
const weights = fc.dictionary(name, fc.integer({ min: 0, max: 1_000 }));

test('only an open round whose track has a weight is assigned, and one is whenever there is one', () => {
  fc.assert(
    fc.property(rounds, weights, draw, (open, weights, draw) => {
      const round = assign(open, weights, draw);
      const possible = open.filter(({ track }) => (weights[track] ?? 0) > 0);
      if (round === null) assert.deepEqual(possible, []);
      else assert.ok(possible.includes(round));
    }),
  );
});

test('the same state and draw assign the same round', () => {
  fc.assert(
    fc.property(rounds, weights, draw, (open, weights, draw) => {
      assert.equal(assign(open, weights, draw), assign(open, weights, draw));
    }),
  );
});

test('evenly spread draws reach each track in proportion to its weight', () => {
  fc.assert(
    fc.property(rounds, weights, (open, weights) => {
      const total = open.reduce((sum, { track }) => sum + (weights[track] ?? 0), 0);
      const counts = new Map<string, number>();
      for (let step = 0; step < total; step++) {
        const track = assign(open, weights, (step + 0.5) / total)?.track ?? '';
        counts.set(track, (counts.get(track) ?? 0) + 1);
      }
      for (const { track } of open) assert.equal(counts.get(track) ?? 0, weights[track] ?? 0);
    }),
  );
});
