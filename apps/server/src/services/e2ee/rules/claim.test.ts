import assert from 'node:assert/strict';
import { test } from 'node:test';
import { mayClaim } from './claim.js';

test('a prekey is handed out below both caps, and a cap of 0 is none', () => {
  const caps = { perTarget: 200, perPair: 10 };
  for (const [target, pair, may] of [
    [0, 0, true],
    [199, 9, true],
    [200, 0, false],
    [10, 10, false],
    [201, 11, false],
  ] as const) {
    assert.equal(mayClaim({ target, pair }, caps), may);
  }
  assert.equal(mayClaim({ target: 1e6, pair: 9 }, { ...caps, perTarget: 0 }), true);
  assert.equal(mayClaim({ target: 199, pair: 1e6 }, { ...caps, perPair: 0 }), true);
  assert.equal(mayClaim({ target: 1e6, pair: 10 }, { ...caps, perTarget: 0 }), false);
});
