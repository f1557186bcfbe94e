import assert from 'node:assert/strict';
import { test } from 'node:test';
import { admitted, type Bench, newName, queued, text } from './bench.js';

export function aliasRules(bench: Bench): void {
  test('messages for an alias arrive at its first subscriber; others are refused', async () => {
    const store = await bench.open();
    const alias = newName();
    const [owner, other] = [await admitted(bench, store), await admitted(bench, store)];
    assert.equal((await store.append(alias, text('lost'), false)).status, 'absent');
    assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'ok');
    assert.equal(await store.claimAlias(alias, { owner: other, proven: false }), 'taken');
    assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'ok');
    assert.equal(await store.route(alias), owner.name);
    const appended = await store.append(alias, text('hello'), false);
    assert.deepEqual(appended, { status: 'ok', name: owner.name, sequence: 1 });
    assert.deepEqual(await queued(store, owner.name), ['hello']);
    assert.deepEqual(await queued(store, alias), []);
  });

  test('an alias leads one step, never further', async () => {
    const store = await bench.open();
    const alias = newName();
    const [owner, behind] = [await admitted(bench, store), await admitted(bench, store)];
    await store.claimAlias(alias, { owner, proven: false });
    await store.claimAlias(owner.name, { owner: behind, proven: false });
    assert.equal(await store.route(alias), owner.name);
    await store.append(alias, text('hello'), false);
    assert.deepEqual(await queued(store, owner.name), ['hello']);
  });

  test('an owned name receives its own mail whatever unproven alias stands under it', async () => {
    const store = await bench.open();
    const [name, thief] = [newName(), await admitted(bench, store)];
    assert.equal(await store.claimAlias(name, { owner: thief, proven: false }), 'ok');
    assert.equal(await store.route(name), thief.name);
    await store.own(name);
    assert.equal(await store.route(name), name);
    const appended = await store.append(name, text('mine'), true);
    assert.deepEqual(appended, { status: 'ok', name, sequence: 1 });
    assert.equal(await store.claimAlias(name, { owner: thief, proven: false }), 'taken');
  });

  test('a proven claim wins over any owner, and over the name itself', async () => {
    const store = await bench.open();
    const name = newName();
    const [thief, first] = [await admitted(bench, store), await admitted(bench, store)];
    const second = await admitted(bench, store);
    await store.own(name);
    await store.claimAlias(name, { owner: thief, proven: false });
    assert.equal(await store.claimAlias(name, { owner: first, proven: true }), 'ok');
    assert.equal(await store.route(name), first.name);
    assert.equal(await store.claimAlias(name, { owner: thief, proven: false }), 'taken');
    assert.equal(await store.claimAlias(name, { owner: second, proven: true }), 'ok');
    assert.equal(await store.route(name), second.name);
    await store.append(name, text('hello'), true);
    assert.deepEqual(await queued(store, second.name), ['hello']);
  });

  test('past the bound a claim changes nothing; the same alias counts once', async () => {
    const store = await bench.open({ aliases: 2 });
    const owner = await admitted(bench, store);
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
    const [alias, another] = [newName(), newName()];
    const [owner, other] = [await admitted(bench, store), await admitted(bench, store)];
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
    const owners = await Promise.all(Array.from({ length: 100 }, () => admitted(bench, store)));
    const outcomes = await Promise.all(
      owners.map((owner) => store.claimAlias(alias, { owner, proven: false })),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 1);
    assert.equal(await store.route(alias), owners[outcomes.indexOf('ok')]?.name);
  });

  test('a burnt owner receives nothing more, and the alias is free again', async () => {
    const store = await bench.open();
    const alias = newName();
    const [owner, other] = [await admitted(bench, store), await admitted(bench, store)];
    await store.claimAlias(alias, { owner, proven: true });
    await store.burn(owner.name);
    await store.own(owner.name);
    assert.equal(await store.route(alias), alias);
    assert.equal((await store.append(alias, text('x'), false)).status, 'absent');
    assert.deepEqual(await queued(store, owner.name), []);
    assert.equal(await store.claimAlias(alias, { owner: other, proven: false }), 'ok');
    await store.burn(owner.name);
    assert.equal(await store.route(alias), other.name, 'the burnt one takes nobody along');
  });

  test('burning a name frees the alias that stands under it', async () => {
    const store = await bench.open();
    const [name, owner] = [newName(), await admitted(bench, store)];
    await store.claimAlias(name, { owner, proven: false });
    await store.burn(name);
    assert.equal(await store.route(name), name);
  });

  test('a socket that outlived its record claims no alias, and creates nothing', async () => {
    const store = await bench.open({ aliases: 1 });
    const [alias, owner] = [newName(), await admitted(bench, store)];
    await store.burn(owner.name);
    assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'gone');
    assert.equal(await store.standing(owner.name), null);
    const next = await admitted(bench, store, owner.name);
    assert.equal(await store.claimAlias(newName(), { owner: next, proven: false }), 'ok');
    assert.equal(await store.claimAlias(alias, { owner, proven: true }), 'gone');
    assert.equal(await store.route(alias), alias);
  });
}
