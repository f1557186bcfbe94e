import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, newName, queued, text } from './bench.js';

export function aliasRules(bench: Bench): void {
  test('messages for an alias arrive at its first subscriber; others are refused', async () => {
    const store = await bench.open();
    const [alias, owner, other] = [newName(), newName(), newName()];
    assert.equal((await store.append(alias, text('lost'), false)).status, 'absent');
    assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'ok');
    assert.equal(await store.claimAlias(alias, { owner: other, proven: false }), 'taken');
    assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'ok');
    assert.equal(await store.route(alias), owner);
    const appended = await store.append(alias, text('hello'), false);
    assert.deepEqual(appended, { status: 'ok', name: owner, sequence: 1 });
    assert.deepEqual(await queued(store, owner), ['hello']);
    assert.deepEqual(await queued(store, alias), []);
  });

  test('an alias leads one step, never further', async () => {
    const store = await bench.open();
    const [alias, owner, behind] = [newName(), newName(), newName()];
    await store.claimAlias(alias, { owner, proven: false });
    await store.claimAlias(owner, { owner: behind, proven: false });
    assert.equal(await store.route(alias), owner);
    await store.append(alias, text('hello'), false);
    assert.deepEqual(await queued(store, owner), ['hello']);
  });

  test('an owned name receives its own mail whatever unproven alias stands under it', async () => {
    const store = await bench.open();
    const [name, thief] = [newName(), newName()];
    assert.equal(await store.claimAlias(name, { owner: thief, proven: false }), 'ok');
    assert.equal(await store.route(name), thief);
    await store.own(name);
    assert.equal(await store.route(name), name);
    const appended = await store.append(name, text('mine'), true);
    assert.deepEqual(appended, { status: 'ok', name, sequence: 1 });
    assert.equal(await store.claimAlias(name, { owner: thief, proven: false }), 'taken');
  });

  test('a proven claim wins over any owner, and over the name itself', async () => {
    const store = await bench.open();
    const [name, thief, first, second] = [newName(), newName(), newName(), newName()];
    await store.own(name);
    await store.claimAlias(name, { owner: thief, proven: false });
    assert.equal(await store.claimAlias(name, { owner: first, proven: true }), 'ok');
    assert.equal(await store.route(name), first);
    assert.equal(await store.claimAlias(name, { owner: thief, proven: false }), 'taken');
    assert.equal(await store.claimAlias(name, { owner: second, proven: true }), 'ok');
    assert.equal(await store.route(name), second);
    await store.append(name, text('hello'), true);
    assert.deepEqual(await queued(store, second), ['hello']);
  });

  test('past the bound a claim changes nothing; the same alias counts once', async () => {
    const store = await bench.open({ aliases: 2 });
    const owner = newName();
    const [first, second, third] = [newName(), newName(), newName()];
    const claim = (alias: string, proven = false) => store.claimAlias(alias, { owner, proven });
    assert.equal(await claim(first), 'ok');
    assert.equal(await claim(first), 'ok');
    assert.equal(await claim(second), 'ok');
    assert.equal(await claim(third), 'limit');
    assert.equal(await store.route(third), third);
    assert.equal(await claim(first, true), 'ok');
  });

  test('an alias that was displaced, refused or burnt away does not count', async () => {
    const store = await bench.open({ aliases: 1 });
    const [alias, another, owner, other] = [newName(), newName(), newName(), newName()];
    await store.claimAlias(alias, { owner, proven: false });
    await store.claimAlias(alias, { owner: other, proven: true });
    assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'taken');
    assert.equal(await store.claimAlias(another, { owner, proven: false }), 'ok');
    await store.burn(another);
    assert.equal(await store.claimAlias(newName(), { owner, proven: false }), 'ok');
  });

  test('100 parallel claims of one alias give one owner', async () => {
    const store = await bench.open();
    const alias = newName();
    const owners = Array.from({ length: 100 }, newName);
    const outcomes = await Promise.all(
      owners.map((owner) => store.claimAlias(alias, { owner, proven: false })),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 1);
    assert.equal(await store.route(alias), owners[outcomes.indexOf('ok')]);
  });

  test('a burnt owner receives nothing more, and the alias is free again', async () => {
    const store = await bench.open();
    const [alias, owner, other] = [newName(), newName(), newName()];
    await store.claimAlias(alias, { owner, proven: true });
    await store.burn(owner);
    await store.own(owner);
    assert.equal(await store.route(alias), alias);
    assert.equal((await store.append(alias, text('x'), false)).status, 'absent');
    assert.deepEqual(await queued(store, owner), []);
    assert.equal(await store.claimAlias(alias, { owner: other, proven: false }), 'ok');
    await store.burn(owner);
    assert.equal(await store.route(alias), other, 'the burnt one takes nobody along');
  });

  test('burning a name frees the alias that stands under it', async () => {
    const store = await bench.open();
    const [name, owner] = [newName(), newName()];
    await store.claimAlias(name, { owner, proven: false });
    await store.burn(name);
    assert.equal(await store.route(name), name);
  });
}
