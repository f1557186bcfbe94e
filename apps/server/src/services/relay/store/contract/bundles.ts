import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, bundle, CAPS, newName } from './bench.js';

const UNCAPPED = { perRequester: 1_000, perTarget: 1_000, windowMs: 3_600_000 };

export function bundleRules(bench: Bench): void {
  test('a bundle is answered to everyone, each prekey to one', async () => {
    const store = await bench.open();
    const name = newName();
    assert.equal(await store.takeBundle(name, 'asker', CAPS), null);
    const uploaded = await store.putBundle(name, bundle('a', 2));
    assert.deepEqual(uploaded, { stock: 2, claimed: true, created: true });
    const sealed = 'sealed-a';
    assert.deepEqual(await store.takeBundle(name, 'one', CAPS), { sealed, preKey: 'record of a-0' });
    assert.deepEqual(await store.takeBundle(name, 'two', CAPS), { sealed, preKey: 'record of a-1' });
    assert.deepEqual(await store.takeBundle(name, 'three', CAPS), { sealed, preKey: null });
  });

  test('an upload replaces bundle and stock; prekeys given twice count once', async () => {
    const store = await bench.open();
    const name = newName();
    await store.putBundle(name, bundle('a', 3));
    const { sealed, preKeys } = bundle('b', 2);
    const doubled = { sealed, preKeys: [...preKeys, ...preKeys], discoverable: null };
    const uploaded = await store.putBundle(name, doubled);
    assert.deepEqual(uploaded, { stock: 2, claimed: false, created: false });
    const taken = await store.takeBundle(name, 'one', CAPS);
    assert.deepEqual(taken, { sealed: 'sealed-b', preKey: 'record of b-0' });
  });

  test('a prekey handed out is never taken in again', async () => {
    const store = await bench.open();
    const name = newName();
    await store.putBundle(name, bundle('a', 3));
    await store.takeBundle(name, 'one', CAPS);
    assert.equal((await store.putBundle(name, bundle('a', 3))).stock, 2);
    assert.equal((await store.takeBundle(name, 'two', CAPS))?.preKey, 'record of a-1');
  });

  test('past their bound the oldest fingerprints are forgotten', async () => {
    const store = await bench.open({ spentPreKeys: 2 });
    const name = newName();
    await store.putBundle(name, bundle('a', 3));
    for (let take = 0; take < 3; take++) await store.takeBundle(name, 'one', UNCAPPED);
    assert.equal((await store.putBundle(name, bundle('a', 3))).stock, 1);
  });

  test('caps count handed-out prekeys per asker and in all; beyond, the bundle comes without one', async () => {
    const store = await bench.open();
    const name = newName();
    const take = async (asker: string) => (await store.takeBundle(name, asker, CAPS))?.preKey;
    await store.putBundle(name, bundle('none', 0));
    for (let attempt = 0; attempt < 10; attempt++) assert.equal(await take('one'), null);
    await store.putBundle(name, bundle('a', 10));
    assert.equal(await take('one'), 'record of a-0');
    assert.equal(await take('one'), 'record of a-1');
    assert.equal(await take('one'), null);
    assert.equal(await take('two'), 'record of a-2');
    await store.putBundle(name, bundle('b', 10));
    assert.equal(await take('one'), null, 'an upload is no new start');
    assert.equal(await take('three'), 'record of b-0');
    assert.equal(await take('four'), null);
    assert.deepEqual(await store.takeBundle(name, 'four', CAPS), { sealed: 'sealed-b', preKey: null });
  });

  test('caps open again when their window has passed', async () => {
    const store = await bench.open();
    const name = newName();
    const caps = { perRequester: 1, perTarget: 1, windowMs: 60 };
    await store.putBundle(name, bundle('a', 2));
    assert.equal((await store.takeBundle(name, 'one', caps))?.preKey, 'record of a-0');
    await bench.elapse(70);
    assert.equal((await store.takeBundle(name, 'one', caps))?.preKey, 'record of a-1');
  });

  test('1,000 parallel takes hand every prekey out exactly once', async () => {
    const store = await bench.open({ spentPreKeys: 1_000 });
    const name = newName();
    const takes = bench.scaled(1_000);
    await store.putBundle(name, bundle('a', takes - 10));
    const caps = { ...UNCAPPED, perTarget: 10_000 };
    const taken = await Promise.all(
      Array.from({ length: takes }, (_, asker) => store.takeBundle(name, `asker ${asker}`, caps)),
    );
    const preKeys = taken.map((one) => one?.preKey).filter((preKey) => preKey !== null);
    assert.equal(preKeys.length, takes - 10);
    assert.equal(new Set(preKeys).size, takes - 10);
  });

  test('parallel takes never exceed the caps', async () => {
    const store = await bench.open();
    const name = newName();
    await store.putBundle(name, bundle('a', 50));
    const askers = Array.from({ length: 40 }, (_, index) => `asker ${index % 8}`);
    const taken = await Promise.all(askers.map((asker) => store.takeBundle(name, asker, CAPS)));
    const served = askers.filter((_, index) => taken[index]?.preKey !== null);
    assert.equal(served.length, CAPS.perTarget);
    for (const asker of served) {
      assert.ok(served.filter((other) => other === asker).length <= CAPS.perRequester);
    }
  });

  test('only bundles that say so are drawn as decoys, each at most once per draw', async () => {
    const store = await bench.open();
    const names = Array.from({ length: 6 }, newName);
    for (const [index, name] of names.entries()) {
      await store.putBundle(name, bundle('a', 1, index < 4 ? `hash ${index}` : null));
    }
    assert.deepEqual((await store.randomDiscoverable(10)).sort(), ['hash 0', 'hash 1', 'hash 2', 'hash 3']);
    const seen = new Set<string>();
    for (let draw = 0; draw < 200 && seen.size < 4; draw++) {
      const drawn = await store.randomDiscoverable(2);
      assert.equal(new Set(drawn).size, 2);
      for (const hash of drawn) seen.add(hash);
    }
    assert.equal(seen.size, 4, 'whoever is discoverable comes up');
    assert.deepEqual(await store.randomDiscoverable(0), []);
  });

  test('who uploads without the word, or burns, is drawn no more', async () => {
    const store = await bench.open();
    const [first, second, third] = [newName(), newName(), newName()];
    await store.putBundle(first, bundle('a', 1, 'first'));
    await store.putBundle(second, bundle('a', 1, 'second'));
    await store.putBundle(third, bundle('a', 1, 'third'));
    await store.putBundle(first, bundle('a', 1));
    await store.burn(second);
    await store.putBundle(third, bundle('b', 1, 'third again'));
    assert.deepEqual(await store.randomDiscoverable(5), ['third again']);
  });
}
