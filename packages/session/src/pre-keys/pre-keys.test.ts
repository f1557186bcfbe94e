import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { encodeBase64 } from '../bundle/base64.js';
import { peerBundleOfE2ee } from '../bundle/e2ee.js';
import { peerBundleOfRelay } from '../bundle/relay.js';
import { Conversation } from '../conversation/conversation.js';
import { partyOf, text, textOf } from '../conversation/pair.fixture.js';
import { SessionError, type SessionErrorCode } from '../error.js';
import { safetyNumber } from '../identity/safety-number.js';
import { MAX_GENERATIONS, MAX_ONE_TIME, MAX_REFILL, ROTATION_MS } from '../limits.js';
import { PreKeys } from './pre-keys.js';

const refused = (code: SessionErrorCode) => (error: unknown) =>
  error instanceof SessionError && error.code === code;

describe('prekeys', () => {
  test('are replaced weekly, and what was made with an earlier generation opens until four are newer', () => {
    const { identity, preKeys, random } = partyOf('rotation');
    const early = Conversation.begin(partyOf('rotation/peer').identity, preKeys.bundle()).encrypt(
      text('early'),
    );
    assert.equal(preKeys.rotate(ROTATION_MS - 1), false);
    for (let week = 1; week < MAX_GENERATIONS; week++) assert.ok(preKeys.rotate(week * ROTATION_MS));
    const copy = PreKeys.fromBytes(preKeys.toBytes(), random);
    assert.equal(textOf(Conversation.accept(identity, copy, early).plaintext), 'early');
    assert.ok(preKeys.rotate(MAX_GENERATIONS * ROTATION_MS));
    assert.throws(() => Conversation.accept(identity, preKeys, early), refused('unknown_prekey'));
  });

  test('a generation that nothing replaced for long still opens what was on its way', () => {
    const { identity, preKeys } = partyOf('away');
    const message = Conversation.begin(partyOf('away/peer').identity, preKeys.bundle()).encrypt(text('late'));
    const back = 10 * ROTATION_MS;
    assert.ok(preKeys.rotate(back));
    assert.equal(
      textOf(Conversation.accept(identity, PreKeys.fromBytes(preKeys.toBytes()), message).plaintext),
      'late',
    );
    preKeys.rotate(back + 5 * ROTATION_MS);
    assert.throws(() => Conversation.accept(identity, preKeys, message), refused('unknown_prekey'));
  });

  test('at most 100 are made at once and 1,000 kept, each under its own id, from stored state', () => {
    const { preKeys } = partyOf('refill');
    assert.throws(() => preKeys.refill(MAX_REFILL + 1), refused('too_many'));
    const ids = new Set<number>();
    let first = -1;
    for (let n = 0; n <= MAX_ONE_TIME / MAX_REFILL; n++) {
      for (const { id } of preKeys.refill(MAX_REFILL)) {
        if (first === -1) first = id;
        ids.add(id);
      }
    }
    assert.equal(ids.size, MAX_ONE_TIME + MAX_REFILL);
    assert.equal(preKeys.oneTimeCount, MAX_ONE_TIME);
    assert.throws(() => preKeys.oneTime(first), refused('unknown_prekey'));
    const bytes = preKeys.toBytes();
    assert.deepEqual(PreKeys.fromBytes(bytes).toBytes(), bytes);
  });

  test('open sessions through both services, the last-resort key more than once', () => {
    const bob = partyOf('services/bob');
    const alice = partyOf('services/alice');
    const identityKey = encodeBase64(bob.identity.publicKey);
    const relay = bob.preKeys.forRelay(bob.preKeys.refill(1));
    const e2ee = { ...bob.preKeys.forE2ee(bob.preKeys.refill(1)), oneTimePreKey: null };
    const [preKey] = relay.preKeys;
    const bundles = [
      peerBundleOfRelay({ ...relay, identityKey, preKey: preKey ?? assert.fail() }),
      peerBundleOfRelay({ ...relay, identityKey, preKey: null }),
      peerBundleOfE2ee({ ...e2ee, oneTimePreKey: e2ee.oneTimePreKeys[0] ?? assert.fail() }),
      peerBundleOfE2ee({ ...e2ee, identityKey }),
      peerBundleOfE2ee(e2ee),
    ];
    for (const [at, bundle] of bundles.entries()) {
      const message = Conversation.begin(alice.identity, bundle).encrypt(text('x'));
      const { usedOneTime } = Conversation.accept(bob.identity, bob.preKeys, message);
      assert.equal(usedOneTime !== undefined, at === 0 || at === 2);
    }
    assert.throws(
      () => peerBundleOfRelay({ ...relay, identityKey: '?', preKey: null }),
      (error) =>
        refused('bad_bundle')(error) && error instanceof SessionError && error.field === 'identityKey',
    );
    assert.throws(() => peerBundleOfE2ee({ ...e2ee, pqPreKey: null }), refused('bad_bundle'));
  });
});

test('a safety number is 60 digits, the same on both sides and another for another key', () => {
  const [a, b, c] = ['a', 'b', 'c'].map((name) => partyOf(name).identity.publicKey);
  assert.ok(a && b && c);
  assert.match(safetyNumber(a, b), /^\d{60}$/);
  assert.equal(safetyNumber(a, b), safetyNumber(b, a));
  assert.notEqual(safetyNumber(a, b), safetyNumber(a, c));
  assert.throws(() => safetyNumber(a, new Uint8Array(3)), refused('bad_key'));
});
