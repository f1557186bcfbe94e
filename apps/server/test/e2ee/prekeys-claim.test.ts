/** Rule 2: a one-time prekey is handed out at most once, ever. */
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { before, test } from 'node:test';
import type { PreKey } from '@blindpost/protocol/e2ee';
import { type E2eeUpload, makeE2eeUpload, makePreKeys, preKey } from '@blindpost/testbed/wire-bundle';
import type { E2eeWire } from '@blindpost/testbed/wire-e2ee';
import { assertBundle, assertPublic, assertRefused, stock } from './answers.js';
import { ALL_STAGES, onEveryStage, pick, type Stage } from './stage.js';

const CLAIMERS = 200;
const KEYS = 50;
/** Of one requester from one target, and of all from one target, in an hour. */
const PER_PAIR = 10;
const PER_TARGET = 200;

const byId = (keys: readonly PreKey[]) => [...keys].sort((a, b) => a.keyId - b.keyId);

/** What was handed out, and how often nothing was. */
function split(answers: readonly (PreKey | null)[]): { keys: PreKey[]; nulls: number } {
  const keys = answers.filter((each) => each !== null);
  return { keys: byId(keys), nulls: answers.length - keys.length };
}

await onEveryStage(
  'rule 2, one-time prekeys',
  (stage) => {
    let claimers: E2eeWire[];

    before(async () => {
      claimers = await stage.accounts(CLAIMERS);
    });

    const claim = async (wire: E2eeWire, of: string) => assertPublic(await wire.claim(of)).oneTimePreKey;
    const fetch = async (wire: E2eeWire, of: string) => assertPublic(await wire.bundle(of)).oneTimePreKey;

    for (const [how, take] of [
      ['claims', claim],
      ['fetched bundles', fetch],
    ] as const) {
      test(`${CLAIMERS} ${how} at once of ${KEYS} keys: each key once, null for the rest, no error`, async () => {
        const oneTimePreKeys = makePreKeys(KEYS);
        const target = await published(stage, { oneTimePreKeys });
        const answers = await Promise.all(claimers.map((wire) => take(wire, target.id)));
        const { keys, nulls } = split(answers);
        assert.deepEqual(keys, oneTimePreKeys);
        assert.equal(nulls, CLAIMERS - KEYS);
        assert.equal(await stock(target), 0);
      });
    }

    test('claims and fetches by several at once share the same keys', async () => {
      const oneTimePreKeys = makePreKeys(40);
      const target = await published(stage, { oneTimePreKeys });
      const answers = await Promise.all(
        claimers.slice(0, 60).map((wire, n) => (n % 2 === 0 ? claim : fetch)(wire, target.id)),
      );
      const { keys, nulls } = split(answers);
      assert.deepEqual(keys, oneTimePreKeys);
      assert.equal(nulls, 20);
    });

    test('within a minute the bundle has the same key for the same requester, and another for another', async () => {
      const target = await published(stage, { oneTimePreKeys: makePreKeys(20) });
      const [first, second] = await stage.accounts(2);
      assert.ok(first !== undefined && second !== undefined);
      const key = await fetch(first, target.id);
      assert.ok(key !== null);
      for (const wire of stage.everywhere(first)) {
        assert.deepEqual(await fetch(wire, target.id), key);
        assert.deepEqual(assertPublic(await wire.bundle(target.id, true)).oneTimePreKey, key);
      }
      assert.equal(await stock(target), 19);
      const other = await fetch(second, target.id);
      assert.ok(other !== null && other.keyId !== key.keyId);
      assert.deepEqual(await fetch(first, target.id), key);
      assert.equal(await stock(target), 18);
    });

    test('32 fetches at once by one requester take one key', async () => {
      const target = await published(stage, { oneTimePreKeys: makePreKeys(40) });
      const requester = await stage.account();
      const wires = stage.everywhere(requester);
      const answers = await Promise.all(
        Array.from({ length: 32 }, (_, n) => fetch(pick(wires, n), target.id)),
      );
      assert.ok(answers[0]);
      for (const each of answers) assert.deepEqual(each, answers[0]);
      assert.equal(await stock(target), 39);
    });

    test('a claim takes a fresh key each time, also after a fetch', async () => {
      const oneTimePreKeys = makePreKeys(20);
      const target = await published(stage, { oneTimePreKeys });
      const requester = await stage.account();
      const taken = [await fetch(requester, target.id)];
      for (let n = 0; n < 4; n += 1) taken.push(await claim(requester, target.id));
      taken.push(...(await Promise.all(Array.from({ length: 4 }, () => claim(requester, target.id)))));
      const { keys, nulls } = split(taken);
      assert.equal(nulls, 0);
      assert.equal(new Set(keys.map(({ keyId }) => keyId)).size, taken.length);
      for (const key of keys) assert.deepEqual(key, oneTimePreKeys[key.keyId - 101]);
      assert.equal(await stock(target), 20 - taken.length);
    });

    test('a fetch that is told not to takes none', async () => {
      const target = await published(stage, { oneTimePreKeys: makePreKeys(2) });
      const requester = await stage.account();
      for (const no of ['false', 'False']) {
        assert.equal(assertPublic(await requester.bundle(target.id, no)).oneTimePreKey, null);
      }
      assert.equal(await stock(target), 2);
      for (const yes of ['true', 'True']) {
        assert.notEqual(assertPublic(await requester.bundle(target.id, yes)).oneTimePreKey, null);
      }
      assert.equal(await stock(target), 1);
      assertRefused(
        await requester.bundle(target.id, 'maybe'),
        400,
        'invalid_request',
        'consumeOneTimePreKey',
      );
      assert.equal(await stock(target), 1);
    });

    test(`one requester gets ${PER_PAIR} of one target in an hour, then the last resort stands alone`, async () => {
      const lastResortPreKey = { keyId: 9, publicKey: preKey() };
      const target = await published(stage, { oneTimePreKeys: makePreKeys(40), lastResortPreKey });
      const [requester, other] = await stage.accounts(2);
      assert.ok(requester !== undefined && other !== undefined);
      const wires = stage.everywhere(requester);
      const answers = await Promise.all(
        Array.from({ length: PER_PAIR + 6 }, async (_, n) => {
          const bundle = assertPublic(await pick(wires, n).claim(target.id));
          assert.deepEqual(bundle.lastResortPreKey, lastResortPreKey);
          return bundle.oneTimePreKey;
        }),
      );
      const { keys, nulls } = split(answers);
      assert.equal(new Set(keys.map(({ keyId }) => keyId)).size, PER_PAIR);
      assert.equal(nulls, 6);
      assert.equal(await claim(requester, target.id), null);
      assert.equal(await stock(target), 40 - PER_PAIR);
      // The cap is of the pair.
      assert.notEqual(await claim(other, target.id), null);
      const elsewhere = await published(stage, { oneTimePreKeys: makePreKeys(1) });
      assert.notEqual(await claim(requester, elsewhere.id), null);
    });

    test('without a last-resort key it is null, then and when none is left', async () => {
      const target = await published(stage, { oneTimePreKeys: makePreKeys(1) });
      const requester = await stage.account();
      assert.notEqual(await claim(requester, target.id), null);
      const bundle = assertPublic(await requester.claim(target.id));
      assert.deepEqual([bundle.oneTimePreKey, bundle.lastResortPreKey], [null, null]);
    });

    test(`one target gives ${PER_TARGET} in an hour, whoever asks`, async () => {
      const lastResortPreKey = { keyId: 9, publicKey: preKey() };
      const upload = makeE2eeUpload(150, { lastResortPreKey });
      const target = await published(stage, upload);
      assertBundle(await target.upload({ ...upload, oneTimePreKeys: makePreKeys(150, 251) }));
      const askers = claimers.slice(0, PER_TARGET / PER_PAIR + 2);
      const answers = await Promise.all(
        askers.map(async (wire) => {
          const taken: (PreKey | null)[] = [];
          for (let n = 0; n < PER_PAIR; n += 1) taken.push(await claim(wire, target.id));
          return taken;
        }),
      );
      const { keys, nulls } = split(answers.flat());
      assert.equal(new Set(keys.map(({ keyId }) => keyId)).size, PER_TARGET);
      assert.equal(nulls, 2 * PER_PAIR);
      assert.equal(await stock(target), 300 - PER_TARGET);
      const late = assertPublic(await (await stage.account()).bundle(target.id));
      assert.deepEqual([late.oneTimePreKey, late.lastResortPreKey], [null, lastResortPreKey]);
    });

    test('who has no bundle, and who is nobody, is not found', async () => {
      const [requester, bare] = await stage.accounts(2);
      assert.ok(requester !== undefined && bare !== undefined);
      for (const id of [bare.id, randomUUID()]) {
        assertRefused(await requester.bundle(id), 404, 'not_found');
        assertRefused(await requester.bundle(id, false), 404, 'not_found');
        assertRefused(await requester.claim(id), 404, 'not_found');
      }
      assertRefused(await bare.me(), 404, 'not_found');
    });
  },
  { stages: ALL_STAGES },
);

/** A new account with a bundle. */
async function published(stage: Stage, more: Partial<E2eeUpload>): Promise<E2eeWire> {
  const target = await stage.account();
  assertBundle(await target.upload(makeE2eeUpload(0, more)));
  return target;
}
