import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { text, textOf } from '../conversation/pair.fixture.js';
import { SessionError, type SessionErrorCode } from '../error.js';
import { MAX_SKIP } from '../limits.js';
import { groupSigned } from './message.js';
import { SenderKey } from './sender-key.js';
import { SenderKeyReceiver } from './sender-key-receiver.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const refused = (code: SessionErrorCode) => (error: unknown) =>
  error instanceof SessionError && error.code === code;

describe('a sender key', () => {
  test('is read by everybody who has its distribution, from that message on', () => {
    const key = SenderKey.create('choir');
    const early = SenderKeyReceiver.from(key.distribution());
    const first = key.encrypt(text('one'));
    const late = SenderKeyReceiver.from(key.distribution());
    const second = key.encrypt(text('two'));
    assert.equal(early.groupId, 'choir');
    assert.equal(SenderKeyReceiver.keyIdOf(first), early.keyId);
    assert.deepEqual(
      [first, second].map((message) => textOf(early.decrypt(message))),
      ['one', 'two'],
    );
    assert.equal(textOf(late.decrypt(second)), 'two');
    assert.throws(() => late.decrypt(first), refused('replayed'));
  });

  test('is read in every order, each message once, from stored state', () => {
    const order = fc.shuffledSubarray([0, 1, 2, 3, 4, 5, 6, 7], { minLength: 1 });
    fc.assert(
      fc.property(order, (arrivals) => {
        let key = SenderKey.create('g');
        let receiver = SenderKeyReceiver.from(key.distribution());
        const messages = Array.from({ length: 8 }, (_, n) => {
          key = SenderKey.fromBytes(key.toBytes());
          return key.encrypt(text(`${n}`));
        });
        for (const n of arrivals) {
          const message = messages[n] ?? assert.fail();
          receiver = SenderKeyReceiver.fromBytes(receiver.toBytes());
          assert.equal(textOf(receiver.decrypt(message)), `${n}`);
          assert.throws(() => receiver.decrypt(message), refused('replayed'));
        }
      }),
      { numRuns: Math.ceil(1_000 * SCALE) },
    );
  });

  test('a message changed in any byte is refused and nothing is lost by it', () => {
    const key = SenderKey.create('g');
    const receiver = SenderKeyReceiver.from(key.distribution());
    const message = key.encrypt(text('true'));
    const before = receiver.toBytes();
    for (let at = 0; at < message.length; at += 7) {
      const changed = message.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      assert.throws(() => receiver.decrypt(changed), SessionError);
    }
    assert.deepEqual(receiver.toBytes(), before);
    assert.equal(textOf(receiver.decrypt(message)), 'true');
  });

  test('a member who has the chain cannot speak for the sender', () => {
    const key = SenderKey.create('g');
    const receiver = SenderKeyReceiver.from(key.distribution());
    const message = key.encrypt(text('true'));
    const body = message.slice(0, -64);
    const forged = ed25519.sign(groupSigned(text('g'), body), ed25519.utils.randomSecretKey());
    const before = receiver.toBytes();
    assert.throws(() => receiver.decrypt(Uint8Array.of(...body, ...forged)), refused('bad_signature'));
    assert.deepEqual(receiver.toBytes(), before);
  });

  test('a message of one group is refused in another with the same keys', () => {
    const key = SenderKey.create('aa');
    const distribution = key.distribution();
    const moved = distribution.slice();
    moved.set(text('bb'), 6);
    const receiver = SenderKeyReceiver.from(moved);
    assert.equal(receiver.groupId, 'bb');
    assert.throws(() => receiver.decrypt(key.encrypt(text('x'))), refused('bad_signature'));
  });

  test('reads on after 1,000 missing messages, and not after 1,001', () => {
    const key = SenderKey.create('g');
    const near = SenderKeyReceiver.from(key.distribution());
    const first = key.encrypt(text('first'));
    const far = SenderKeyReceiver.from(SenderKey.fromBytes(key.toBytes()).distribution());
    const other = SenderKeyReceiver.fromBytes(near.toBytes());
    for (let n = 1; n < MAX_SKIP; n++) key.encrypt(text(''));
    const last = key.encrypt(text('last'));
    const beyond = key.encrypt(text('beyond'));
    assert.equal(textOf(near.decrypt(last)), 'last');
    assert.equal(textOf(near.decrypt(first)), 'first');
    assert.equal(textOf(far.decrypt(beyond)), 'beyond');
    assert.throws(() => other.decrypt(beyond), refused('too_far'));
  });

  test('a message of an earlier key finds no session, and a group has a bounded name', () => {
    const receiver = SenderKeyReceiver.from(SenderKey.create('g').distribution());
    assert.throws(() => receiver.decrypt(SenderKey.create('g').encrypt(text(''))), refused('no_session'));
    assert.throws(() => SenderKey.create('x'.repeat(257)), refused('too_long'));
  });
});
