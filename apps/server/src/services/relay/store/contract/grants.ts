import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, newName } from './bench.js';

export function grantRules(bench: Bench): void {
  test('granted peers are told, all or those named, until they are revoked', async () => {
    const store = await bench.open();
    const [owner, first, second, third] = [newName(), newName(), newName(), newName()];
    assert.deepEqual(await store.granted(owner), []);
    assert.equal(await store.grant(owner, first, 'sealed first'), 'ok');
    assert.equal(await store.grant(owner, second, 'sealed second'), 'ok');
    assert.deepEqual((await store.granted(owner)).sort(), ['sealed first', 'sealed second']);
    assert.deepEqual(await store.granted(owner, [third, second]), ['sealed second']);
    assert.deepEqual(await store.granted(owner, []), []);
    await store.revoke(owner, first);
    await store.revoke(owner, third);
    assert.deepEqual(await store.granted(owner), ['sealed second']);
    assert.deepEqual(await store.granted(second), [], 'a grant is not mutual');
  });

  test('the same peer counts once, and past the bound nothing changes', async () => {
    const store = await bench.open({ grants: 2 });
    const [owner, first, second, third] = [newName(), newName(), newName(), newName()];
    await store.grant(owner, first, '1');
    await store.grant(owner, second, '2');
    assert.equal(await store.grant(owner, third, '3'), 'limit');
    assert.equal(await store.grant(owner, first, '1 again'), 'ok');
    assert.deepEqual((await store.granted(owner)).sort(), ['1 again', '2']);
    await store.revoke(owner, second);
    assert.equal(await store.grant(owner, third, '3'), 'ok');
  });

  test('revoking creates nothing', async () => {
    const store = await bench.open();
    await store.revoke(newName(), newName());
    assert.equal((await store.totals()).identities, 0);
  });
}
