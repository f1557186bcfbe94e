import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admitted, type Bench, newName, ownerOf } from './bench.js';

export function grantRules(bench: Bench): void {
  test('granted peers are told, all or those named, until they are revoked', async () => {
    const store = await bench.open();
    const [first, second, third] = [newName(), newName(), newName()];
    const owner = await admitted(bench, store);
    assert.deepEqual(await store.granted(owner.name), []);
    assert.equal(await store.grant(owner, first, 'sealed first'), 'ok');
    assert.equal(await store.grant(owner, second, 'sealed second'), 'ok');
    assert.deepEqual((await store.granted(owner.name)).sort(), ['sealed first', 'sealed second']);
    assert.deepEqual(await store.granted(owner.name, [third, second]), ['sealed second']);
    assert.deepEqual(await store.granted(owner.name, []), []);
    await store.revoke(owner, first);
    await store.revoke(owner, third);
    assert.deepEqual(await store.granted(owner.name), ['sealed second']);
    assert.deepEqual(await store.granted(second), [], 'a grant is not mutual');
  });

  test('the same peer counts once, and past the bound nothing changes', async () => {
    const store = await bench.open({ grants: 2 });
    const [first, second, third] = [newName(), newName(), newName()];
    const owner = await admitted(bench, store);
    await store.grant(owner, first, '1');
    await store.grant(owner, second, '2');
    assert.equal(await store.grant(owner, third, '3'), 'limit');
    assert.equal(await store.grant(owner, first, '1 again'), 'ok');
    assert.deepEqual((await store.granted(owner.name)).sort(), ['1 again', '2']);
    await store.revoke(owner, second);
    assert.equal(await store.grant(owner, third, '3'), 'ok');
  });

  test('granting and revoking create nothing', async () => {
    const store = await bench.open();
    const nobody = await ownerOf(store, newName());
    assert.equal(await store.grant(nobody, newName(), 'x'), 'gone');
    await store.revoke(nobody, newName());
    assert.equal((await store.totals()).identities, 0);
  });

  test('a socket that outlived a burn neither grants nor revokes in the record that follows', async () => {
    const store = await bench.open();
    const [name, peer] = [newName(), newName()];
    const burnt = await admitted(bench, store, name);
    await store.burn(name);
    assert.equal(await store.grant(burnt, peer, 'late'), 'gone');
    assert.equal(await store.standing(name), null);
    const next = await admitted(bench, store, name);
    assert.equal(await store.grant(next, peer, 'sealed'), 'ok');
    assert.equal(await store.grant(burnt, newName(), 'late'), 'gone');
    await store.revoke(burnt, peer);
    assert.deepEqual(await store.granted(name), ['sealed']);
  });

  test('grants streamed during a burn leave no record behind', async () => {
    const store = await bench.open();
    for (let round = 0; round < bench.scaled(400); round++) {
      const owner = await admitted(bench, store);
      const stream = () => Array.from({ length: 5 }, () => store.grant(owner, newName(), 'x'));
      await Promise.all([...stream(), store.burn(owner.name), ...stream()]);
      assert.ok(!(await bench.dump()).includes(owner.name));
    }
  });
}
