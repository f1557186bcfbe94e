import assert from 'node:assert/strict';
import { test } from 'node:test';
import { RegisterAccountAnswer } from '@blindpost/protocol/accounts';
import { makeIdentity, type TestIdentity } from '@blindpost/testbed/keys';
import { register } from '@blindpost/testbed/wire-account';
import { type WireAnswer, wireRequest } from '@blindpost/testbed/wire-http';
import { fail, solve, type WirePuzzle } from '@blindpost/testbed/wire-pow';
import { assertOk, assertRefused, shaped } from '../relay/answers.js';
import { onEveryDatabase, type Stage } from './stage.js';

async function puzzle(stage: Stage, type = 'account'): Promise<WirePuzzle> {
  const { seed, difficulty, unit } = (await wireRequest(`${stage.url}/pow/challenge?type=${type}`)).json;
  return { seed: String(seed), difficulty: Number(difficulty), unit: String(unit) };
}

interface Attempt {
  seed?: string | undefined;
  nonce?: string | undefined;
  signature?: string;
  publicKey?: string;
}

/** A registration of the identity, as it should be but for what the attempt says. */
async function attempt(stage: Stage, identity: TestIdentity, change: (p: WirePuzzle) => Attempt) {
  const bought = await puzzle(stage);
  const publicKey = identity.publicKey;
  const right = {
    seed: bought.seed,
    nonce: solve(bought, publicKey),
    signature: identity.sign(`ACCOUNT:${bought.seed}:${publicKey}`),
    publicKey,
  };
  const { seed, nonce, ...body } = { ...right, ...change(bought) };
  return stage.post('', body, {
    headers: {
      ...(seed === undefined ? {} : { 'x-pow-seed': seed }),
      ...(nonce === undefined ? {} : { 'x-pow-nonce': nonce }),
    },
  });
}

function idOf(answer: WireAnswer, status: number): string {
  assert.equal(answer.status, status, String(answer));
  return shaped(RegisterAccountAnswer, answer.json).accountId;
}

await onEveryDatabase('registration', (stage) => {
  test('a key gets an account for work; the same key again the same one', async () => {
    const identity = makeIdentity();
    const answer = await register(stage.url, identity);
    const id = idOf(answer, 201);
    assert.equal(answer.headers['cache-control'], 'no-store');
    assert.equal(assertOk(await register(stage.url, identity), RegisterAccountAnswer).accountId, id);
    assert.notEqual(idOf(await register(stage.url, makeIdentity()), 201), id);
  });

  test('64 registrations of one key at once give one account', async () => {
    const identity = makeIdentity();
    const answers = await Promise.all(Array.from({ length: 64 }, () => register(stage.url, identity)));
    const ids = answers.map((answer) => shaped(RegisterAccountAnswer, answer.json).accountId);
    assert.equal(new Set(ids).size, 1);
    assert.equal(answers.filter(({ status }) => status === 201).length, 1, answers.join('\n'));
    assert.equal(answers.filter(({ status }) => status === 200).length, 63);
  });

  test('without work there is no account', async () => {
    const identity = makeIdentity();
    const missing = await attempt(stage, identity, () => ({ seed: undefined }));
    assertRefused(missing, 401, 'ERR_POW_INVALID', 'seed');
    const halved = await attempt(stage, identity, () => ({ nonce: undefined }));
    assertRefused(halved, 401, 'ERR_POW_INVALID', 'nonce');
    idOf(await register(stage.url, identity), 201);
  });

  test('work that is wrong, used, unknown or for another key or purpose is refused', async () => {
    const identity = makeIdentity();
    const { publicKey } = identity;
    const wrong = await attempt(stage, identity, (p) => ({ nonce: fail(p, publicKey) }));
    assertRefused(wrong, 401, 'ERR_POW_INVALID', 'nonce');
    const other = makeIdentity().publicKey;
    const foreign = await attempt(stage, identity, (p) => ({
      nonce: solve(p, other, { notFor: publicKey }),
    }));
    assertRefused(foreign, 401, 'ERR_POW_INVALID', 'nonce');
    const unknown = await attempt(stage, identity, () => ({ seed: 'ab'.repeat(32) }));
    assertRefused(unknown, 401, 'ERR_EXPIRED', 'seed');
    const decoy = await puzzle(stage, 'decoy');
    const cheap = await attempt(stage, identity, () => ({
      seed: decoy.seed,
      nonce: solve(decoy, publicKey),
      signature: identity.sign(`ACCOUNT:${decoy.seed}:${publicKey}`),
    }));
    assertRefused(cheap, 401, 'ERR_POW_INVALID', 'seed');
    let spent = '';
    idOf(
      await attempt(stage, identity, (p) => {
        spent = p.seed;
        return {};
      }),
      201,
    );
    assertRefused(await attempt(stage, identity, () => ({ seed: spent })), 401, 'ERR_EXPIRED', 'seed');
  });

  test('only who has the key registers it: the signature covers seed and key', async () => {
    const [identity, mallory] = [makeIdentity(), makeIdentity()];
    const { publicKey } = identity;
    const signatures: ((p: WirePuzzle) => string)[] = [
      (p) => mallory.sign(`ACCOUNT:${p.seed}:${publicKey}`),
      () => identity.sign(`ACCOUNT:${'00'.repeat(32)}:${publicKey}`),
      (p) => identity.sign(`ACCOUNT:${p.seed}:${mallory.publicKey}`),
      (p) => identity.sign(`account:${p.seed}:${publicKey}`),
      () => Buffer.alloc(64).toString('base64'),
    ];
    for (const sign of signatures) {
      const answer = await attempt(stage, identity, (p) => ({ signature: sign(p) }));
      assertRefused(answer, 401, 'unauthorized', 'signature');
    }
    idOf(await register(stage.url, identity), 201);
  });

  test('a wrong signature has spent the work', async () => {
    const identity = makeIdentity();
    let seed = '';
    const refused = await attempt(stage, identity, (p) => {
      seed = p.seed;
      return { signature: makeIdentity().sign('x') };
    });
    assertRefused(refused, 401, 'unauthorized', 'signature');
    assertRefused(await attempt(stage, identity, () => ({ seed })), 401, 'ERR_EXPIRED', 'seed');
  });

  test('a key, signature, seed or nonce of another form is named', async () => {
    const identity = makeIdentity();
    const wrong: [Attempt, string][] = [
      [{ publicKey: `${identity.publicKey}=` }, 'publicKey'],
      [{ publicKey: Buffer.alloc(31).toString('base64') }, 'publicKey'],
      [{ signature: '' }, 'signature'],
      [{ signature: Buffer.alloc(63).toString('base64') }, 'signature'],
      [{ seed: 'short' }, 'x-pow-seed'],
      [{ nonce: 'x'.repeat(1_000) }, 'x-pow-nonce'],
    ];
    for (const [change, field] of wrong) {
      assertRefused(await attempt(stage, identity, () => change), 400, 'invalid_request', field);
    }
  });
});
