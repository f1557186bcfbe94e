import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { Names } from './names.js';

const names = new Names('a secret of tests, long enough for all');
const nullifier = Uint8Array.from(randomBytes(32));
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

test('a permit is of one caller and one nullifier', () => {
  const all = [
    names.permit({ address: '192.0.2.1', attester: null }, nullifier),
    names.permit({ address: '192.0.2.2', attester: null }, nullifier),
    names.permit({ address: '192.0.2.1', attester: 0 }, nullifier),
    names.permit({ address: '192.0.2.1', attester: 1 }, nullifier),
    names.permit({ address: '192.0.2.1', attester: null }, Uint8Array.from(randomBytes(32))),
    new Names('another secret of tests, long enough too').permit(
      { address: '192.0.2.1', attester: null },
      nullifier,
    ),
  ];
  assert.equal(new Set(all.map(hex)).size, all.length);
  assert.equal(
    hex(names.permit({ address: '192.0.2.1', attester: null }, nullifier)),
    hex(all[0] ?? nullifier),
  );
});

test('an attester is known by its key wherever it asks from', () => {
  const [a, b] = ['192.0.2.1', '192.0.2.2'].map((address) =>
    names.permit({ address, attester: 3 }, nullifier),
  );
  assert.deepEqual(a, b);
});

test('names for limits tell attesters apart and show no number', () => {
  const all = Array.from({ length: 100 }, (_, place) => names.attester(place));
  assert.equal(new Set(all).size, 100);
  for (const name of all) assert.match(name, /^[0-9a-f]{64}$/);
});
