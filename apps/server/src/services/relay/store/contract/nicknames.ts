import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Bench, newName } from './bench.js';

export function nicknameRules(bench: Bench): void {
  test('a nickname leads to its first claimant; others are refused', async () => {
    const store = await bench.open();
    const [nickname, owner, other] = [newName(), newName(), newName()];
    assert.equal(await store.lookupNickname(nickname), null);
    assert.equal(await store.claimNickname(nickname, { owner, proven: false, sealed: 'mine' }), 'ok');
    const claim = { owner: other, proven: false, sealed: 'theirs' };
    assert.equal(await store.claimNickname(nickname, claim), 'taken');
    assert.equal(await store.lookupNickname(nickname), 'mine');
  });

  test('a proven claim displaces an unproven one and nothing displaces it', async () => {
    const store = await bench.open();
    const [nickname, owner, other] = [newName(), newName(), newName()];
    await store.claimNickname(nickname, { owner, proven: false, sealed: 'first' });
    const proven = { owner: other, proven: true, sealed: 'second' };
    assert.equal(await store.claimNickname(nickname, proven), 'ok');
    assert.equal(await store.lookupNickname(nickname), 'second');
    assert.equal(await store.claimNickname(nickname, { owner, proven: true, sealed: 'third' }), 'taken');
    assert.equal(await store.lookupNickname(nickname), 'second');
  });

  test('claiming again renews and upgrades, and never downgrades', async () => {
    const store = await bench.open();
    const [nickname, owner, other] = [newName(), newName(), newName()];
    const claim = { owner, proven: false, sealed: 'mine' };
    assert.equal(await store.claimNickname(nickname, claim), 'ok');
    assert.equal(await store.claimNickname(nickname, { ...claim, proven: true }), 'ok');
    assert.equal(await store.claimNickname(nickname, claim), 'ok');
    const rival = { owner: other, proven: true, sealed: 'theirs' };
    assert.equal(await store.claimNickname(nickname, rival), 'taken');
  });

  test('an owned identity must prove its claim', async () => {
    const store = await bench.open();
    const [nickname, owner] = [newName(), newName()];
    await store.own(owner);
    assert.equal(await store.claimNickname(nickname, { owner, proven: false, sealed: 'x' }), 'owned');
    assert.equal(await store.lookupNickname(nickname), null);
    assert.equal(await store.claimNickname(nickname, { owner, proven: true, sealed: 'x' }), 'ok');
  });

  test('past the bound a claim changes nothing; the same nickname counts once', async () => {
    const store = await bench.open({ nicknames: 2 });
    const owner = newName();
    const [first, second, third] = [newName(), newName(), newName()];
    const claim = (nickname: string, proven = false) =>
      store.claimNickname(nickname, { owner, proven, sealed: 'mine' });
    assert.equal(await claim(first), 'ok');
    assert.equal(await claim(first), 'ok');
    assert.equal(await claim(second), 'ok');
    assert.equal(await claim(third), 'limit');
    assert.equal(await store.lookupNickname(third), null);
    assert.equal(await claim(second, true), 'ok');
  });

  test('a nickname that was displaced or refused does not count', async () => {
    const store = await bench.open({ nicknames: 1 });
    const [nickname, another, owner, other] = [newName(), newName(), newName(), newName()];
    await store.claimNickname(nickname, { owner, proven: false, sealed: 'x' });
    await store.claimNickname(nickname, { owner: other, proven: true, sealed: 'y' });
    assert.equal(await store.claimNickname(nickname, { owner, proven: false, sealed: 'x' }), 'taken');
    assert.equal(await store.claimNickname(another, { owner, proven: false, sealed: 'z' }), 'ok');
  });

  test('100 parallel claims of one nickname give one owner', async () => {
    const store = await bench.open();
    const nickname = newName();
    const outcomes = await Promise.all(
      Array.from({ length: 100 }, (_, index) =>
        store.claimNickname(nickname, { owner: newName(), proven: false, sealed: `claim ${index}` }),
      ),
    );
    assert.equal(outcomes.filter((outcome) => outcome === 'ok').length, 1);
    assert.equal(outcomes.filter((outcome) => outcome === 'taken').length, 99);
    assert.equal(await store.lookupNickname(nickname), `claim ${outcomes.indexOf('ok')}`);
  });

  test('burning frees the nicknames, and not those that others took over', async () => {
    const store = await bench.open();
    const [kept, lost, owner, other] = [newName(), newName(), newName(), newName()];
    await store.claimNickname(kept, { owner, proven: false, sealed: 'x' });
    await store.claimNickname(lost, { owner, proven: false, sealed: 'x' });
    await store.claimNickname(lost, { owner: other, proven: true, sealed: 'y' });
    await store.burn(owner);
    assert.equal(await store.lookupNickname(kept), null);
    assert.equal(await store.lookupNickname(lost), 'y');
    await store.own(owner);
    assert.equal(await store.lookupNickname(kept), null, 'the same hash come back is somebody new');
    assert.equal(await store.claimNickname(kept, { owner: newName(), proven: false, sealed: 'z' }), 'ok');
    assert.equal(await store.lookupNickname(kept), 'z');
  });
}
