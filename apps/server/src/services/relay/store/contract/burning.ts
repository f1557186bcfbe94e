import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelayStore } from '../store.js';
import { type Bench, bundle, CAPS, keySession, newName, ownerOf, queued, text } from './bench.js';

export function burnRules(bench: Bench): void {
  test('burning leaves no trace of the identity anywhere in the store', async () => {
    const store = await bench.open();
    const [burnt, friend, alias, nickname] = [newName(), newName(), newName(), newName()];
    await store.own(friend);
    const before = await bench.dump();

    await live(bench, store, burnt, friend, alias, nickname);
    const during = await bench.dump();
    for (const name of [burnt, alias, nickname])
      assert.ok(during.includes(name), 'the dump shows what is there');

    await store.burn(burnt);
    const after = await bench.dump();
    for (const trace of [burnt, alias, nickname, 'sealed-keys', 'token of the burnt', 'mail for the burnt']) {
      assert.ok(!after.includes(trace), `${trace} is left`);
    }
    assert.equal(await store.isOwned(burnt), false);
    assert.deepEqual(await store.randomDiscoverable(10), []);
    assert.equal(await store.lookupNickname(nickname), null);
    assert.ok(before.includes(friend) && after.includes(friend), 'the others stay');
  });

  test('nothing of the burnt identity stands with those it wrote to, asked or allowed', async () => {
    const store = await bench.open();
    const [burnt, friend] = [newName(), newName()];
    await store.putBundle(friend, bundle('keys', 3));
    await store.append(friend, text('hello', burnt), true);
    await store.takeBundle(friend, burnt, CAPS);
    const allowing = await ownerOf(store, friend);
    await store.grant(allowing, burnt, 'sealed');
    await store.claimAlias(burnt, { owner: allowing, proven: true });
    assert.ok((await bench.dump()).includes(burnt), 'the alias under its name shows');
    await store.burn(burnt);
    assert.ok(!(await bench.dump()).includes(burnt));
    assert.deepEqual(await queued(store, friend), ['hello']);
  });

  test('after a burn the name begins anew, and old message ids mean nothing', async () => {
    const store = await bench.open();
    const name = newName();
    const session = keySession(bench);
    await store.admit(name, session);
    await store.append(name, text('old'), true);
    const [old] = await store.read(name, 0, 1, 1_000);
    await store.burn(name);
    assert.deepEqual(await store.append(name, text('x'), false), { status: 'absent' });
    assert.deepEqual(await store.append(name, text('new'), true), { status: 'ok', name, sequence: 1 });
    assert.equal(await store.ack(name, [old?.id ?? '']), 0);
    assert.deepEqual(await queued(store, name), ['new']);
    assert.equal(await store.resume(name, session.tokenHash), null);
    const again = await store.admit(name, keySession(bench));
    const { generation } = await ownerOf(store, name);
    assert.deepEqual(again, { login: 1, tail: 1, keysMissing: true, generation, claimed: true });
    assert.equal((await store.putBundle(name, bundle('a', 1))).created, true);
  });

  test('burning a name that is not there is no error', async () => {
    const store = await bench.open();
    await store.burn(newName());
    assert.deepEqual(await store.totals(), { identities: 0, messages: 0, bytes: 0 });
  });

  test('burning against appends leaves only what was queued after it', async () => {
    const store = await bench.open({ mailboxMessages: 1_000, senderShare: 1, mailboxBytes: 1_000_000 });
    for (let round = 0; round < bench.scaled(400); round++) {
      const name = newName();
      await store.own(name);
      const before = Array.from({ length: 5 }, () => store.append(name, text('before'), true));
      const burnt = store.burn(name);
      const after = Array.from({ length: 5 }, () => store.append(name, text('after'), true));
      await Promise.all([...before, burnt, ...after]);
      const messages = await store.read(name, 0, 100, 100_000);
      const bodies = messages.map(({ payload }) => payload.toString());
      assert.deepEqual(bodies, Array(5).fill('after'));
      assert.deepEqual(
        messages.map(({ sequence }) => sequence),
        [1, 2, 3, 4, 5],
      );
    }
  });

  test('a burn against claims and uploads leaves no dead entry behind', async () => {
    const store = await bench.open();
    const [burnt, alias, nickname] = [newName(), newName(), newName()];
    for (let round = 0; round < bench.scaled(400); round++) {
      await store.admit(burnt, keySession(bench));
      const owner = await ownerOf(store, burnt);
      await Promise.all([
        store.claimAlias(alias, { owner, proven: false }),
        store.claimNickname(nickname, { owner: burnt, proven: true, sealed: 'x' }),
        store.putBundle(burnt, bundle('keys', 1, 'hash')),
        store.burn(burnt),
      ]);
      await store.burn(burnt);
      const left = await bench.dump();
      assert.ok(!left.includes(burnt) && !left.includes(alias) && !left.includes(nickname));
    }
  });
}

/** Does everything an identity can do. */
async function live(
  bench: Bench,
  store: RelayStore,
  name: string,
  friend: string,
  alias: string,
  nickname: string,
): Promise<void> {
  await store.admit(name, keySession(bench, 'token of the burnt'));
  await store.putBundle(name, bundle('keys', 3, 'sealed hash'));
  await store.takeBundle(name, friend, CAPS);
  await store.append(name, text('mail for the burnt', friend), true);
  const [owner, other] = [await ownerOf(store, name), await ownerOf(store, friend)];
  await store.claimAlias(alias, { owner, proven: false });
  await store.claimAlias(name, { owner: other, proven: false });
  await store.claimAlias(name, { owner: other, proven: true });
  await store.claimNickname(nickname, { owner: name, proven: true, sealed: 'sealed nickname' });
  await store.grant(owner, friend, 'sealed friend');
  await store.append(friend, text('x', name), true);
  await store.grant(other, name, 'sealed name');
}
