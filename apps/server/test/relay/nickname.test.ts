import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { test } from 'node:test';
import { NicknameClaimed, NicknameEntries, NicknameEntry } from '@blindpost/protocol/relay';
import { makeIdentity, type TestIdentity } from '@blindpost/testbed/keys';
import { workHeaders } from '@blindpost/testbed/wire';
import { assertOk, assertRefused } from './answers.js';
import { onEveryStore } from './stage.js';

const fresh = () => `Nick_${randomBytes(8).toString('hex')}`;

await onEveryStore('nickname', (stage) => {
  const ownerOf = async (nickname: string): Promise<string> =>
    assertOk(await stage.wire.get(`/nickname/lookup?nick=${nickname}`), NicknameEntry).identity_hash;

  /** Registers with the proof that `prove` makes from the seed. */
  const claim = async (identity: TestIdentity, nickname: string, prove: (seed: string) => object) => {
    const work = await stage.wire.work(nickname, { type: 'registration', nickname });
    const body = { nickname, identity_hash: identity.hash, ...prove(work.seed) };
    return stage.wire.post('/nickname/register', body, workHeaders(work));
  };

  test('a name is registered and found in any case, spelt as it was registered', async () => {
    const [identity, nickname] = [makeIdentity(), fresh()];
    const answer = assertOk(await stage.wire.claimNickname(identity, nickname), NicknameClaimed);
    assert.deepEqual(answer, { status: 'success', nickname });
    for (const asked of [nickname, nickname.toUpperCase(), nickname.toLowerCase()]) {
      const entry = assertOk(await stage.wire.get(`/nickname/lookup?nick=${asked}`), NicknameEntry);
      assert.deepEqual(entry, { nickname, identity_hash: identity.hash });
    }
    assert.equal((await stage.wire.get(`/nickname/lookup?name=${nickname}`)).status, 200);
  });

  test('a list of names gives a map from the name as asked, without the unknown ones', async () => {
    const identity = makeIdentity();
    const [one, two] = [fresh(), fresh()];
    await stage.wire.claimNickname(identity, one);
    await stage.wire.claimNickname(identity, two);
    const asked = [one.toUpperCase(), two, fresh()];
    for (const member of ['nick', 'name']) {
      const map = assertOk(
        await stage.wire.get(`/nickname/lookup?${member}=${asked.join(',')}`),
        NicknameEntries,
      );
      assert.deepEqual(Object.keys(map).sort(), asked.slice(0, 2).sort());
      assert.deepEqual(map[one.toUpperCase()], { nickname: one, identity_hash: identity.hash });
    }
  });

  test('an unknown name is 404; more than ten, none, and what is no name are malformed', async () => {
    assertRefused(await stage.wire.get(`/nickname/lookup?nick=${fresh()}`), 404, 'ERR_NOT_FOUND');
    const many = Array.from({ length: 11 }, fresh).join(',');
    for (const query of [`nick=${many}`, 'nick=', 'nick=a', 'nick=a%20bc', `nick=${'a'.repeat(33)}`]) {
      assertRefused(await stage.wire.get(`/nickname/lookup?${query}`), 400, 'ERR_MALFORMED', 'nick');
    }
    assertRefused(await stage.wire.get('/nickname/lookup'), 400, 'ERR_MALFORMED');
  });

  test('names have 3 to 32 of A-Z a-z 0-9 _ -', async () => {
    for (const wrong of ['ab', 'a'.repeat(33), 'a b c', 'äöü', 'a.b.c', 'abc\n', 5, null, ['abc']]) {
      const work = await stage.wire.work(String(wrong), { type: 'registration' });
      const body = { nickname: wrong, identity_hash: makeIdentity().hash };
      const answer = await stage.wire.post('/nickname/register', body, workHeaders(work));
      assertRefused(answer, 400, 'ERR_MALFORMED', 'nickname');
    }
  });

  test('a name in use is taken, in any case; its owner may register it again', async () => {
    const [owner, other, nickname] = [makeIdentity(), makeIdentity(), fresh()];
    await stage.wire.claimNickname(owner, nickname);
    assertRefused(await stage.wire.claimNickname(other, nickname), 409, 'ERR_TAKEN');
    assertRefused(await stage.wire.claimNickname(other, nickname.toUpperCase()), 409, 'ERR_TAKEN');
    assert.equal((await stage.wire.claimNickname(owner, nickname.toUpperCase())).status, 200);
    assert.equal(await ownerOf(nickname), owner.hash);
  });

  test('50 racing claims of one name by 50 identities give one owner', async () => {
    const nickname = fresh();
    const claims = await Promise.all(
      Array.from({ length: 50 }, async () => {
        const identity = makeIdentity();
        return { identity, answer: await stage.wire.claimNickname(identity, nickname) };
      }),
    );
    const won = claims.filter(({ answer }) => answer.status === 200);
    assert.equal(won.length, 1);
    assert.equal(claims.filter(({ answer }) => answer.status === 409).length, 49);
    assert.equal(await ownerOf(nickname), won[0]?.identity.hash);
  });

  test('an identity has three names at most', async () => {
    const identity = makeIdentity();
    const names = [fresh(), fresh(), fresh()];
    for (const name of names) assert.equal((await stage.wire.claimNickname(identity, name)).status, 200);
    const fourth = fresh();
    const refused = await stage.wire.claimNickname(identity, fourth);
    assert.ok(refused.status >= 400 && refused.status < 500, String(refused));
    assertRefused(await stage.wire.get(`/nickname/lookup?nick=${fourth}`), 404, 'ERR_NOT_FOUND');
    assert.equal((await stage.wire.claimNickname(identity, names[0] ?? '')).status, 200);
  });

  test('an identity nobody owns may register unsigned, and the claim yields to a signed one only', async () => {
    const [unsigned, rival, signed, late] = [makeIdentity(), makeIdentity(), makeIdentity(), makeIdentity()];
    const nickname = fresh();
    assert.equal((await stage.wire.claimNickname(unsigned, nickname, false)).status, 200);
    assertRefused(await stage.wire.claimNickname(rival, nickname, false), 409, 'ERR_TAKEN');
    assert.equal(await ownerOf(nickname), unsigned.hash);
    assert.equal((await stage.wire.claimNickname(signed, nickname)).status, 200);
    assert.equal(await ownerOf(nickname), signed.hash);
    assertRefused(await stage.wire.claimNickname(late, nickname), 409, 'ERR_TAKEN');
    assertRefused(await stage.wire.claimNickname(unsigned, nickname, false), 409, 'ERR_TAKEN');
    assert.equal(await ownerOf(nickname), signed.hash);
  });

  test('burning the loser of a name does not free it from the winner', async () => {
    const [loser, winner, nickname] = [makeIdentity(), makeIdentity(), fresh()];
    await stage.wire.claimNickname(loser, nickname, false);
    await stage.wire.claimNickname(winner, nickname);
    await stage.wire.burn(loser);
    assert.equal(await ownerOf(nickname), winner.hash);
  });

  test('a signature that does not fit is forbidden, for owned and unowned identities alike', async () => {
    const other = makeIdentity();
    for (const owned of [true, false]) {
      const [identity, nickname] = [makeIdentity(), fresh()];
      if (owned) await stage.wire.upload(identity);
      const identityKey = identity.publicKey;
      const proofs: ((seed: string) => object)[] = [
        (seed) => ({ identityKey, signature: other.sign(`NICK:${seed}:${nickname}:${identity.hash}`) }),
        (seed) => ({ identityKey, signature: identity.sign(`NICK:${seed}:${fresh()}:${identity.hash}`) }),
        (seed) => ({ identityKey, signature: identity.sign(`NICK:${seed}:${nickname}:${other.hash}`) }),
        () => ({
          identityKey,
          signature: identity.sign(`NICK:${'0'.repeat(64)}:${nickname}:${identity.hash}`),
        }),
        (seed) => ({ identityKey, signature: identity.sign(`BURN:${seed}:${identity.hash}`) }),
        (seed) => ({
          identityKey: other.publicKey,
          signature: other.sign(`NICK:${seed}:${nickname}:${identity.hash}`),
        }),
      ];
      for (const prove of proofs) {
        assertRefused(await claim(identity, nickname, prove), 403, 'ERR_FORBIDDEN');
      }
      assert.equal((await stage.wire.get(`/nickname/lookup?nick=${nickname}`)).status, 404);
    }
  });

  test('half a proof is none: a key without a signature, or empty ones, never register', async () => {
    const identity = makeIdentity();
    const nickname = fresh();
    const halves = [
      { identityKey: identity.publicKey },
      { signature: identity.sign('anything') },
      { identityKey: '', signature: '' },
      { identityKey: identity.publicKey, signature: '' },
      { identityKey: null, signature: null },
    ];
    for (const half of halves) {
      const answer = await claim(identity, nickname, () => half);
      assert.ok([400, 403].includes(answer.status), String(answer));
    }
    assert.equal((await stage.wire.get(`/nickname/lookup?nick=${nickname}`)).status, 404);
  });

  test('a captured claim is worthless: its seed is spent', async () => {
    const [identity, nickname] = [makeIdentity(), fresh()];
    const work = await stage.wire.work(nickname, { type: 'registration', nickname });
    const body = {
      nickname,
      identity_hash: identity.hash,
      identityKey: identity.publicKey,
      signature: identity.sign(`NICK:${work.seed}:${nickname}:${identity.hash}`),
    };
    assert.equal((await stage.wire.post('/nickname/register', body, workHeaders(work))).status, 200);
    assertRefused(await stage.wire.post('/nickname/register', body, workHeaders(work)), 401, 'ERR_EXPIRED');
    await stage.wire.burn(identity);
    const fresher = await stage.wire.paid(nickname, { type: 'registration', nickname });
    assertRefused(await stage.wire.post('/nickname/register', body, fresher), 403, 'ERR_FORBIDDEN');
  });
});
