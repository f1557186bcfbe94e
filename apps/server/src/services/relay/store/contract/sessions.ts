import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RelayStore } from '../store.js';
import { type Bench, bundle, keySession, newName, queued, text, workSession } from './bench.js';

export function sessionRules(bench: Bench): void {
  test('work admits a name that nobody owns, and each login has the next number', async () => {
    const store = await bench.open();
    const name = newName();
    const first = await store.admit(name, workSession(bench));
    const generation = await generationOf(store, name);
    assert.deepEqual(first, { login: 1, tail: 0, keysMissing: true, generation, claimed: false });
    assert.deepEqual(await store.admit(name, workSession(bench)), { ...first, login: 2 });
    assert.equal(await store.isOwned(name), false);
  });

  test('the first login by key claims the name and ends what work had opened', async () => {
    const store = await bench.open();
    const name = newName();
    const [byWork, byKey] = [workSession(bench), keySession(bench)];
    await store.admit(name, byWork);
    const admission = await store.admit(name, byKey);
    const generation = await generationOf(store, name);
    assert.deepEqual(admission, { login: 2, tail: 0, keysMissing: true, generation, claimed: true });
    assert.equal(await store.isOwned(name), true);
    assert.equal(await store.resume(name, byWork.tokenHash), null);
    assert.equal((await store.resume(name, byKey.tokenHash))?.by, 'key');
    assert.equal(await store.admit(name, workSession(bench)), 'owned');
    const again = await store.admit(name, keySession(bench));
    assert.deepEqual(again, { login: 4, tail: 0, keysMissing: true, generation, claimed: false });
  });

  test('owning a name and uploading a bundle claim it once, and end what work had opened', async () => {
    const store = await bench.open();
    for (const claim of [
      async (name: string) => (await store.own(name)).claimed,
      async (name: string) => (await store.putBundle(name, bundle('a', 1))).claimed,
    ]) {
      const name = newName();
      const session = workSession(bench);
      await store.admit(name, session);
      assert.equal(await claim(name), true);
      assert.equal(await claim(name), false);
      assert.equal(await store.resume(name, session.tokenHash), null);
      assert.equal(await store.isOwned(name), true);
    }
  });

  test('a refused login by work changes nothing', async () => {
    const store = await bench.open();
    const name = newName();
    const session = workSession(bench);
    await store.own(name);
    assert.equal(await store.admit(name, session), 'owned');
    assert.equal(await store.resume(name, session.tokenHash), null);
  });

  test('a token resumes its own session only, with its first expiry', async () => {
    const store = await bench.open();
    const [name, other] = [newName(), newName()];
    const session = workSession(bench);
    await store.admit(name, session);
    await store.admit(other, workSession(bench));
    assert.equal(await store.resume(other, session.tokenHash), null);
    assert.equal(await store.resume(newName(), session.tokenHash), null);
    const generation = await generationOf(store, name);
    const { expiresAt } = session;
    const expected = { login: 2, tail: 0, keysMissing: true, generation, by: 'work', expiresAt };
    assert.deepEqual(await store.resume(name, session.tokenHash), expected);
    assert.deepEqual(await store.resume(name, session.tokenHash), { ...expected, login: 3 });
  });

  test('past the bound the oldest session goes', async () => {
    const store = await bench.open({ sessions: 2 });
    const name = newName();
    const sessions = [workSession(bench), workSession(bench), workSession(bench)] as const;
    for (const session of sessions) await store.admit(name, session);
    assert.equal(await store.resume(name, sessions[0].tokenHash), null);
    assert.equal((await store.resume(name, sessions[1].tokenHash))?.login, 4);
    assert.equal((await store.resume(name, sessions[2].tokenHash))?.login, 5);
  });

  test('an expired session does not resume, nor crowd out a living one', async () => {
    const store = await bench.open({ sessions: 2 });
    const name = newName();
    const living = workSession(bench);
    const dying = { ...workSession(bench), expiresAt: bench.now() + 50 };
    await store.admit(name, living);
    await store.admit(name, dying);
    await bench.elapse(60);
    assert.equal(await store.resume(name, dying.tokenHash), null);
    await store.admit(name, workSession(bench));
    assert.notEqual(await store.resume(name, living.tokenHash), null);
  });

  test('a login tells where the queue ended and whether keys are missing', async () => {
    const store = await bench.open();
    const name = newName();
    await store.append(name, text('before'), true);
    await store.append(name, text('it'), true);
    const session = keySession(bench);
    const admission = await store.admit(name, session);
    const generation = await generationOf(store, name);
    assert.deepEqual(admission, { login: 1, tail: 2, keysMissing: true, generation, claimed: true });
    await store.putBundle(name, bundle('a', 1));
    assert.equal((await store.resume(name, session.tokenHash))?.keysMissing, false);
    await store.takeBundle(name, 'asker', { perRequester: 1, perTarget: 1, windowMs: 1_000 });
    assert.equal((await store.resume(name, session.tokenHash))?.keysMissing, true);
    assert.deepEqual(await queued(store, name), ['before', 'it']);
  });

  test('a record stands as its last login and claim left it', async () => {
    const store = await bench.open();
    const name = newName();
    assert.equal(await store.standing(name), null);
    await store.append(name, text('x'), true);
    const generation = await generationOf(store, name);
    assert.match(generation, /^[0-9a-f]{16}$/);
    assert.deepEqual(await store.standing(name), { generation, owned: false, login: 0 });
    await store.admit(name, workSession(bench));
    const session = workSession(bench);
    await store.admit(name, session);
    await store.resume(name, session.tokenHash);
    assert.deepEqual(await store.standing(name), { generation, owned: false, login: 3 });
    await store.own(name);
    const claimed = await generationOf(store, name);
    assert.notEqual(claimed, generation);
    await store.admit(name, keySession(bench));
    await store.putBundle(name, bundle('a', 1));
    assert.deepEqual(await store.standing(name), { generation: claimed, owned: true, login: 4 });
    await store.burn(name);
    assert.equal(await store.standing(name), null);
    await store.own(name);
    assert.notEqual(await generationOf(store, name), claimed);
  });
}

async function generationOf(store: RelayStore, name: string): Promise<string> {
  return (await store.standing(name))?.generation ?? 'no record';
}
