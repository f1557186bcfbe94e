import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelayStore } from '../store.js';
import { admitted, type Bench, bundle, keySession, newName, ownerOf, queued, text } from './bench.js';

/** What a stranger can plant under a name that nobody owns, with work alone. */
type Planted = { alias: string; nicknames: string[] };

/** Each makes the name owned, and answers whether it was the first. */
const CLAIMS: Record<string, (bench: Bench, store: RelayStore, name: string) => Promise<boolean>> = {
  async admit(bench, store, name) {
    const admission = await store.admit(name, keySession(bench));
    return admission !== 'owned' && admission.claimed;
  },
  own: async (_, store, name) => (await store.own(name)).claimed,
  putBundle: async (_, store, name) => (await store.putBundle(name, bundle('a', 1, 'hash'))).claimed,
};

export function claimRules(bench: Bench): void {
  for (const [verb, claim] of Object.entries(CLAIMS)) {
    test(`${verb} as the first claim erases what work alone had planted, and keeps the mailbox`, async () => {
      const store = await bench.open({ nicknames: 2, aliases: 1, grants: 1 });
      const name = newName();
      const { alias, nicknames } = await plant(bench, store, name);
      assert.equal(await claim(bench, store, name), true);
      assert.deepEqual(await store.granted(name), []);
      assert.equal(await store.route(alias), alias);
      for (const nickname of nicknames) assert.equal(await store.lookupNickname(nickname), null);
      assert.deepEqual(await queued(store, name), ['mail']);
      assert.equal((await store.append(name, text('more'), true)).status, 'ok');
      assert.deepEqual(await queued(store, name), ['mail', 'more']);
    });

    test(`after ${verb} the owner has all the room that a stranger had filled`, async () => {
      const store = await bench.open({ nicknames: 2, aliases: 1, grants: 1 });
      const name = newName();
      const { alias, nicknames } = await plant(bench, store, name);
      await claim(bench, store, name);
      for (const nickname of nicknames) {
        const sealed = 'the owner';
        assert.equal(await store.claimNickname(nickname, { owner: name, proven: true, sealed }), 'ok');
        assert.equal(await store.lookupNickname(nickname), sealed);
      }
      const owner = await ownerOf(store, name);
      assert.equal(await store.claimAlias(alias, { owner, proven: false }), 'ok');
      assert.equal(await store.grant(owner, newName(), 'friend'), 'ok');
    });

    test(`a later ${verb} erases nothing`, async () => {
      const store = await bench.open();
      const [name, alias, nickname] = [newName(), newName(), newName()];
      await store.own(name);
      const owner = await ownerOf(store, name);
      await store.claimAlias(alias, { owner, proven: false });
      await store.claimNickname(nickname, { owner: name, proven: true, sealed: 'x' });
      await store.grant(owner, newName(), 'friend');
      assert.equal(await claim(bench, store, name), false);
      assert.deepEqual(await ownerOf(store, name), owner);
      assert.equal(await store.route(alias), name);
      assert.equal(await store.lookupNickname(nickname), 'x');
      assert.deepEqual(await store.granted(name), ['friend']);
    });
  }

  test('what was planted before the claim stands nowhere else either', async () => {
    const store = await bench.open();
    const name = newName();
    const { alias, nicknames } = await plant(bench, store, name);
    await store.own(name);
    const left = await bench.dump();
    for (const planted of [alias, ...nicknames]) assert.ok(!left.includes(planted));
  });

  test('a socket admitted before the claim plants nothing after it', async () => {
    const store = await bench.open();
    const name = newName();
    const stranger = await admitted(bench, store, name);
    await store.own(name);
    const owner = await ownerOf(store, name);
    const [alias, friend] = [newName(), newName()];
    await store.grant(owner, friend, 'friend');
    assert.equal(await store.grant(stranger, newName(), 'x'), 'gone');
    assert.equal(await store.claimAlias(alias, { owner: stranger, proven: false }), 'gone');
    await store.revoke(stranger, friend);
    assert.equal(await store.route(alias), alias);
    assert.deepEqual(await store.granted(name), ['friend']);
  });

  test('who logged in before the first claim, or before a burn, reads nothing after it', async () => {
    const store = await bench.open();
    const name = newName();
    const { generation } = await admitted(bench, store, name);
    await store.append(name, text('mail'), true);
    assert.equal((await store.read(name, 0, 1, 1_000, generation)).length, 1);
    await store.own(name);
    assert.deepEqual(await store.read(name, 0, 1, 1_000, generation), []);
    const owned = (await store.standing(name))?.generation;
    assert.equal((await store.read(name, 0, 1, 1_000, owned)).length, 1);
    await store.burn(name);
    await store.append(name, text('in the next life'), true);
    assert.deepEqual(await store.read(name, 0, 1, 1_000, owned), []);
  });

  test('planting against the first claim leaves nothing planted', async () => {
    const store = await bench.open();
    for (let round = 0; round < bench.scaled(400); round++) {
      const name = newName();
      const stranger = await admitted(bench, store, name);
      const [alias, nickname] = [newName(), newName()];
      const plantings = () => [
        store.claimAlias(alias, { owner: stranger, proven: false }),
        store.claimNickname(nickname, { owner: name, proven: false, sealed: 'stranger' }),
        store.grant(stranger, newName(), 'stranger'),
      ];
      await Promise.all([...plantings(), store.own(name), ...plantings()]);
      assert.deepEqual(await store.granted(name), []);
      const left = await bench.dump();
      assert.ok(!left.includes(alias) && !left.includes(nickname));
    }
  });
}

async function plant(bench: Bench, store: RelayStore, name: string): Promise<Planted> {
  const stranger = await admitted(bench, store, name);
  const alias = newName();
  const nicknames = [newName(), newName()];
  assert.equal(await store.claimAlias(alias, { owner: stranger, proven: false }), 'ok');
  for (const nickname of nicknames) {
    const claim = { owner: name, proven: false, sealed: 'stranger' };
    assert.equal(await store.claimNickname(nickname, claim), 'ok');
  }
  assert.equal(await store.grant(stranger, newName(), 'stranger'), 'ok');
  await store.append(name, text('mail'), true);
  return { alias, nicknames };
}
