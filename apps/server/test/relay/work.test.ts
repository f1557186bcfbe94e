import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeBundle, makeIdentity, signBundle, type TestIdentity } from '@blindpost/testbed/keys';
import { workHeaders } from '@blindpost/testbed/wire';
import { fail, solve } from '@blindpost/testbed/wire-pow';
import { assertRefused } from './answers.js';
import { onEveryStore } from './stage.js';

const uploadOf = (identity: TestIdentity) => signBundle(identity, makeBundle(identity));

await onEveryStore('work', (stage) => {
  test('a wrong nonce consumes the seed', async () => {
    const identity = makeIdentity();
    const puzzle = await stage.wire.challenge({ type: 'upload', identity_hash: identity.hash });
    const post = (nonce: string) =>
      stage.wire.post('/keys/upload', uploadOf(identity), workHeaders({ seed: puzzle.seed, nonce }));
    assertRefused(await post(fail(puzzle, identity.hash)), 401, 'ERR_POW_INVALID');
    assertRefused(await post(solve(puzzle, identity.hash)), 401, 'ERR_EXPIRED');
  });

  test('a seed pays once, whatever it pays for next', async () => {
    const identity = makeIdentity();
    const work = await stage.wire.work(identity.hash, { type: 'upload', identity_hash: identity.hash });
    const headers = workHeaders(work);
    assert.equal((await stage.wire.post('/keys/upload', uploadOf(identity), headers)).status, 200);
    assertRefused(await stage.wire.post('/keys/upload', uploadOf(identity), headers), 401, 'ERR_EXPIRED');
    const { frame } = await stage.wire.tryLogin({ identity_hash: identity.hash, ...work });
    assert.equal(frame.error, 'ERR_EXPIRED');
  });

  test('one seed in 50 racing uploads pays for one', async () => {
    const identity = makeIdentity();
    const headers = await stage.wire.paid(identity.hash, { type: 'upload', identity_hash: identity.hash });
    const body = uploadOf(identity);
    const answers = await Promise.all(
      Array.from({ length: 50 }, () => stage.wire.post('/keys/upload', body, headers)),
    );
    const count = (status: number) => answers.filter((answer) => answer.status === status).length;
    assert.deepEqual([count(200), count(401)], [1, 49]);
  });

  test('a seed the server never gave is expired', async () => {
    const identity = makeIdentity();
    const puzzle = { seed: 'ab'.repeat(32), difficulty: 12, unit: 'bits' };
    const headers = workHeaders({ seed: puzzle.seed, nonce: solve(puzzle, identity.hash) });
    assertRefused(await stage.wire.post('/keys/upload', uploadOf(identity), headers), 401, 'ERR_EXPIRED');
  });

  test('absent headers are no work, malformed ones are malformed', async () => {
    const identity = makeIdentity();
    const { seed, nonce } = await stage.wire.work(identity.hash, { type: 'upload' });
    const post = (headers: Record<string, string>) =>
      stage.wire.post('/keys/upload', uploadOf(identity), headers);
    assertRefused(await post({}), 401, 'ERR_POW_INVALID');
    assertRefused(await post({ 'x-pow-seed': seed }), 401, 'ERR_POW_INVALID');
    assertRefused(await post({ 'x-pow-nonce': nonce }), 401, 'ERR_POW_INVALID');
    for (const wrong of [seed.slice(1), seed.toUpperCase().replace(/[0-9]/g, 'A'), `${seed}0`, 'zz']) {
      const answer = await post({ 'x-pow-seed': wrong, 'x-pow-nonce': nonce });
      assertRefused(answer, 400, 'ERR_MALFORMED', 'x-pow-seed');
    }
    for (const wrong of ['-1', '1.5', '0x10', '1e3', 'abc', '1'.repeat(33), '1 2']) {
      const answer = await post({ 'x-pow-seed': seed, 'x-pow-nonce': wrong });
      assertRefused(answer, 400, 'ERR_MALFORMED', 'x-pow-nonce');
    }
  });

  test('a nonce may have 32 digits', async () => {
    const identity = makeIdentity();
    const puzzle = await stage.wire.challenge({ type: 'upload', identity_hash: identity.hash });
    const nonce = solve(puzzle, identity.hash, { from: 10n ** 31n });
    assert.equal(nonce.length, 32);
    const headers = workHeaders({ seed: puzzle.seed, nonce });
    assert.equal((await stage.wire.post('/keys/upload', uploadOf(identity), headers)).status, 200);
  });

  test('work is bound to its context: work for another identity, name or recipient is no work', async () => {
    const [mine, other] = [makeIdentity(), makeIdentity()];
    const stolen = await stage.wire.work(other.hash, { type: 'upload' }, { notFor: mine.hash });
    const upload = await stage.wire.post('/keys/upload', uploadOf(mine), workHeaders(stolen));
    assertRefused(upload, 401, 'ERR_POW_INVALID');

    const name = await stage.wire.work('other-name-1', { type: 'registration' }, { notFor: 'mine-name-12' });
    const claim = { nickname: 'mine-name-12', identity_hash: mine.hash };
    const claimed = await stage.wire.post('/nickname/register', claim, workHeaders(name));
    assertRefused(claimed, 401, 'ERR_POW_INVALID');

    const send = await stage.wire.work(other.hash, { type: 'relay' }, { notFor: mine.hash });
    const sent = await stage.wire.post('/relay', { to: mine.hash, body: 'x' }, workHeaders(send));
    assertRefused(sent, 401, 'ERR_POW_INVALID');

    const auth = await stage.wire.work(other.hash, { type: 'auth' }, { notFor: mine.hash });
    const { frame } = await stage.wire.tryLogin({ identity_hash: mine.hash, ...auth });
    assert.equal(frame.error, 'ERR_POW_INVALID');
  });

  test('a seed quoted for a long name does not buy a short one, however much work it carries', async () => {
    const puzzle = await stage.wire.challenge({ type: 'registration', nickname: 'a-very-long-name' });
    const nonce = solve({ ...puzzle, difficulty: 14 }, 'xyz');
    const claim = { nickname: 'xyz', identity_hash: makeIdentity().hash };
    const answer = await stage.wire.post(
      '/nickname/register',
      claim,
      workHeaders({ seed: puzzle.seed, nonce }),
    );
    assertRefused(answer, 401, 'ERR_POW_INVALID');
  });

  test('a decoy seed serves nothing but /keys/random', async () => {
    const identity = makeIdentity();
    const decoy = await stage.wire.challenge({ type: 'decoy' });
    const nonce = solve({ ...decoy, difficulty: 14 }, identity.hash);
    const headers = workHeaders({ seed: decoy.seed, nonce });
    assertRefused(await stage.wire.post('/keys/upload', uploadOf(identity), headers), 401, 'ERR_POW_INVALID');
  });

  test('work is checked before identity: 401 without it, 403 with it, and the 403 has spent the seed', async () => {
    const [owner, thief] = [makeIdentity(), makeIdentity()];
    assert.equal((await stage.wire.upload(owner)).status, 200);
    const forged = { ...uploadOf(thief), identity_hash: owner.hash };
    assertRefused(await stage.wire.post('/keys/upload', forged), 401, 'ERR_POW_INVALID');
    const headers = await stage.wire.paid(owner.hash, { type: 'upload' });
    assertRefused(await stage.wire.post('/keys/upload', forged, headers), 403, 'ERR_FORBIDDEN');
    assertRefused(await stage.wire.post('/keys/upload', forged, headers), 401, 'ERR_EXPIRED');
  });
});
