import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { type KnownPreKey, type PreKey, takeIn } from './stock.js';

const ROOMY = { floor: -1, room: 1_000 };
const key = (name: number) => Uint8Array.of(name);
const preKey = (keyId: number, name = keyId): PreKey => ({ keyId, publicKey: key(name) });
const known = (key_id: number, name: number, rest: Partial<KnownPreKey> = {}): KnownPreKey => ({
  ...{ key_id, public_key: key(name), spent: 0, current: true },
  ...rest,
});

describe('the intake of one-time prekeys', () => {
  test('new ones are taken in their order', () => {
    const keys = [preKey(3), preKey(1), preKey(2)];
    assert.deepEqual(takeIn(keys, [], ROOMY), { ok: true, fresh: keys });
    assert.deepEqual(takeIn([], [], { floor: 5, room: 0 }), { ok: true, fresh: [] });
  });

  test('those that are known are passed over, handed out or not, and so are those given twice', () => {
    const before = [known(1, 1), known(2, 2, { spent: 1 })];
    const keys = [preKey(1), preKey(2), preKey(3), preKey(3)];
    assert.deepEqual(takeIn(keys, before, ROOMY), { ok: true, fresh: [preKey(3)] });
  });

  test('an id of another key, or a key of another id, is a conflict at its place', () => {
    for (const keys of [
      [preKey(9), preKey(1, 7)],
      [preKey(9), preKey(7, 1)],
      [preKey(9), preKey(9, 7)],
      [preKey(9), preKey(7, 9)],
    ]) {
      assert.deepEqual(takeIn(keys, [known(1, 1)], ROOMY), { ok: false, reason: 'conflict', item: 1 });
    }
  });

  test('one that was handed out under an identity before is passed over, and its id is free', () => {
    const before = [known(1, 1, { current: false, spent: 1 })];
    assert.deepEqual(takeIn([preKey(5, 1), preKey(1, 2)], before, ROOMY), {
      ok: true,
      fresh: [preKey(1, 2)],
    });
  });

  test('an unknown id up to the floor was handed out long ago', () => {
    const bounds = { floor: 5, room: 9 };
    assert.deepEqual(takeIn([preKey(5)], [], bounds), { ok: false, reason: 'conflict', item: 0 });
    assert.deepEqual(takeIn([preKey(5), preKey(6)], [known(5, 5)], bounds), { ok: true, fresh: [preKey(6)] });
  });

  test('only new ones need room', () => {
    const before = [known(1, 1), known(2, 2)];
    const keys = [preKey(1), preKey(2), preKey(3)];
    assert.deepEqual(takeIn(keys, before, { floor: -1, room: 1 }), { ok: true, fresh: [preKey(3)] });
    assert.deepEqual(takeIn(keys, before, { floor: -1, room: 0 }), { ok: false, reason: 'overstock' });
  });

  test('whatever is uploaded, each id and each key stands once, and repeating it brings nothing', () => {
    const upload = fc.array(fc.record({ keyId: fc.nat(12), name: fc.nat(12) }), { maxLength: 8 });
    fc.assert(
      fc.property(fc.array(upload, { maxLength: 8 }), (uploads) => {
        const stock: KnownPreKey[] = [];
        for (const one of uploads) {
          const keys = one.map(({ keyId, name }) => preKey(keyId, name));
          const taken = takeIn(keys, stock, ROOMY);
          if (!taken.ok) continue;
          for (const { keyId, publicKey } of taken.fresh) stock.push(known(keyId, publicKey[0] ?? 0));
          assert.deepEqual(takeIn(keys, stock, ROOMY), { ok: true, fresh: [] });
        }
        assert.equal(new Set(stock.map(({ key_id }) => key_id)).size, stock.length);
        assert.equal(new Set(stock.map(({ public_key }) => public_key[0])).size, stock.length);
      }),
    );
  });
});
