import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { SessionError, type SessionErrorCode } from '../error.js';
import { SenderKey } from '../group/sender-key.js';
import { SenderKeyReceiver } from '../group/sender-key-receiver.js';
import { MAX_SEEN, MAX_SKIP, MAX_SKIPPED } from '../limits.js';
import { PreKeys } from '../pre-keys/pre-keys.js';
import { seal, unseal } from '../sealed/seal.js';
import { Conversation } from './conversation.js';
import { parseMessage } from './message.js';
import { pairOf, partyOf, text, textOf } from './pair.fixture.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
const refused = (code: SessionErrorCode) => (error: unknown) =>
  error instanceof SessionError && error.code === code;
const flipped = (bytes: Uint8Array, at: number) => bytes.map((byte, n) => (n === at ? byte ^ 1 : byte));

describe('attacks', () => {
  test('a tampered header, or any other byte of a message, is refused and changes nothing', () => {
    const { alice, bob } = pairOf('tampered');
    const message = alice.conversation.encrypt(text('true'));
    const before = bob.conversation.toBytes();
    for (const at of [...Array(42).keys(), 60, message.length - 1]) {
      assert.throws(() => bob.conversation.decrypt(flipped(message, at), bob.preKeys), SessionError, `${at}`);
    }
    assert.deepEqual(bob.conversation.toBytes(), before);
    assert.equal(textOf(bob.conversation.decrypt(message, bob.preKeys)), 'true');
  });

  test('a tampered beginning is refused and spends no prekey, also once its session is known', () => {
    const alice = partyOf('beginning/alice');
    const bob = partyOf('beginning/bob');
    const begun = Conversation.begin(alice.identity, bob.preKeys.bundle(bob.preKeys.refill(1)[0]));
    const [first, second] = [begun.encrypt(text('one')), begun.encrypt(text('two'))];
    const before = bob.preKeys.toBytes();
    // Identity, ephemeral, ids, KEM ciphertext, one-time id, ratchet key, counters, ciphertext.
    const places = [0, 1, 2, 40, 69, 73, 80, 1_600, 1_642, 1_646, 1_650, 1_682, 1_686, 1_700];
    for (const at of places) {
      assert.throws(
        () => Conversation.accept(bob.identity, bob.preKeys, flipped(first, at)),
        SessionError,
        `${at}`,
      );
    }
    assert.deepEqual(bob.preKeys.toBytes(), before);
    const { conversation } = Conversation.accept(bob.identity, bob.preKeys, first);
    const known = conversation.toBytes();
    for (const at of places) {
      assert.throws(() => conversation.decrypt(flipped(second, at), bob.preKeys), SessionError, `${at}`);
    }
    assert.deepEqual(conversation.toBytes(), known);
    assert.equal(textOf(conversation.decrypt(second, bob.preKeys)), 'two');
  });

  test('a replayed beginning is recognised, with a one-time prekey and without', () => {
    for (const count of [0, 1]) {
      const alice = partyOf(`replay/${count}/alice`);
      const bob = partyOf(`replay/${count}/bob`);
      const begun = Conversation.begin(alice.identity, bob.preKeys.bundle(bob.preKeys.refill(count)[0]));
      const message = begun.encrypt(text('once'));
      const { conversation } = Conversation.accept(bob.identity, bob.preKeys, message);
      const restored = PreKeys.fromBytes(bob.preKeys.toBytes());
      for (const preKeys of [bob.preKeys, restored]) {
        assert.throws(() => Conversation.accept(bob.identity, preKeys, message), refused('replayed'));
        assert.throws(() => conversation.decrypt(message, preKeys), refused('replayed'));
      }
    }
  });

  test('a replayed beginning is not forgotten under a flood of others; new ones need a one-time prekey', () => {
    const bob = partyOf('flood/bob');
    const bundle = bob.preKeys.bundle();
    const begin = (name: string, from = bundle) =>
      Conversation.begin(partyOf(`flood/${name}`).identity, from).encrypt(text(name));
    const message = begin('alice');
    Conversation.accept(bob.identity, bob.preKeys, message);
    const { preKey } = parseMessage(message);
    const header = preKey ?? assert.fail();
    for (let n = 1; n < MAX_SEEN; n++) {
      if (n === MAX_SEEN / 2) assert.equal(PreKeys.fromBytes(bob.preKeys.toBytes()).rotate(1), true);
      const ephemeral = new Uint8Array(32);
      new DataView(ephemeral.buffer).setUint32(0, n);
      bob.preKeys.spend({ ...header, ephemeral });
    }
    const preKeys = PreKeys.fromBytes(bob.preKeys.toBytes());
    const accept = (bytes: Uint8Array) => Conversation.accept(bob.identity, preKeys, bytes);
    assert.throws(() => accept(message), refused('replayed'));
    assert.throws(() => accept(begin('late')), refused('unknown_prekey'));
    const once = begin('once', preKeys.bundle(preKeys.refill(1)[0]));
    assert.equal(textOf(accept(once).plaintext), 'once');
    assert.throws(() => accept(once), refused('unknown_prekey'));
    assert.equal(preKeys.rotate(1), true);
    assert.equal(textOf(accept(begin('after', preKeys.bundle())).plaintext), 'after');
    assert.throws(() => accept(message), refused('replayed'));
  });

  test('a one-time prekey opens one session', () => {
    const bob = partyOf('one-time/bob');
    const bundle = bob.preKeys.bundle(bob.preKeys.refill(1)[0]);
    const [first, second] = ['a', 'b'].map((name) =>
      Conversation.begin(partyOf(`one-time/${name}`).identity, bundle).encrypt(text(name)),
    );
    Conversation.accept(bob.identity, bob.preKeys, first ?? assert.fail());
    assert.throws(
      () => Conversation.accept(bob.identity, bob.preKeys, second ?? assert.fail()),
      refused('unknown_prekey'),
    );
  });

  test('stolen keys read nothing sent before, and nothing after both have answered', () => {
    const { alice, bob } = pairOf('healing');
    const early = alice.conversation.encrypt(text('early'));
    bob.conversation.decrypt(early, bob.preKeys);
    const stolen = bob.conversation.toBytes();
    const thief = () => Conversation.fromBytes(bob.identity, stolen);
    assert.throws(() => thief().decrypt(early, bob.preKeys), refused('replayed'));
    const exposed = alice.conversation.encrypt(text('exposed'));
    assert.equal(textOf(thief().decrypt(exposed, bob.preKeys)), 'exposed');
    bob.conversation.decrypt(exposed, bob.preKeys);
    alice.conversation.decrypt(bob.conversation.encrypt(text('new key of Bob')), alice.preKeys);
    const healed = alice.conversation.encrypt(text('healed'));
    assert.throws(() => thief().decrypt(healed, bob.preKeys), refused('bad_message'));
    assert.equal(textOf(bob.conversation.decrypt(healed, bob.preKeys)), 'healed');
  });

  test('after 1,000 missing messages it reads on; over the limit it refuses and stays', () => {
    const { alice, bob } = pairOf('far');
    const messages = Array.from({ length: MAX_SKIP + 2 }, () => alice.conversation.encrypt(text('x')));
    const before = bob.conversation.toBytes();
    assert.throws(
      () => bob.conversation.decrypt(messages[MAX_SKIP + 1] ?? assert.fail(), bob.preKeys),
      refused('too_far'),
    );
    assert.deepEqual(bob.conversation.toBytes(), before);
    for (const n of [MAX_SKIP, 0, MAX_SKIP + 1, 500]) {
      assert.equal(textOf(bob.conversation.decrypt(messages[n] ?? assert.fail(), bob.preKeys)), 'x');
    }
  });

  test('of more than 2,000 missing messages the oldest keys are dropped', () => {
    const { alice, bob } = pairOf('dropped');
    const messages = Array.from({ length: MAX_SKIPPED + 4 }, () => alice.conversation.encrypt(text('x')));
    const read = (n: number) => textOf(bob.conversation.decrypt(messages[n] ?? assert.fail(), bob.preKeys));
    // Leaves out 1,000, then 1,000, then one: 2,001 are missing.
    for (const n of [MAX_SKIP, 2 * MAX_SKIP + 1, 2 * MAX_SKIP + 3]) assert.equal(read(n), 'x');
    assert.throws(() => read(0), refused('replayed'));
    assert.equal(read(1), 'x');
  });

  test('a bundle with a forged signature, a bad key or a foreign identity is refused by its field', () => {
    const alice = partyOf('bundle/alice');
    const bob = partyOf('bundle/bob');
    const bundle = bob.preKeys.bundle(bob.preKeys.refill(1)[0]);
    const { signedPreKey, pqPreKey, oneTimePreKey } = bundle;
    assert.ok(pqPreKey !== undefined && oneTimePreKey !== undefined);
    const small = new Uint8Array(32);
    const unreduced = new Uint8Array(1568).fill(0xff);
    const signed = (publicKey: Uint8Array) => ({ id: 1, publicKey, signature: bob.identity.sign(publicKey) });
    const cases = [
      [{ ...bundle, signedPreKey: { ...signedPreKey, signature: new Uint8Array(64) } }, 'bad_signature'],
      [{ ...bundle, pqPreKey: { ...pqPreKey, signature: new Uint8Array(64) } }, 'bad_signature'],
      [{ ...bundle, identityKey: alice.preKeys.identityKey }, 'bad_signature'],
      [{ ...bundle, identityKey: small }, 'bad_bundle'],
      [{ ...bundle, signedPreKey: signed(small) }, 'bad_bundle'],
      [{ ...bundle, pqPreKey: signed(unreduced) }, 'bad_bundle'],
      [{ ...bundle, oneTimePreKey: { id: 1, publicKey: small } }, 'bad_bundle'],
      [{ ...bundle, oneTimePreKey: { id: -1, publicKey: oneTimePreKey.publicKey } }, 'bad_bundle'],
      [alice.preKeys.bundle(), 'wrong_identity'],
    ] as const;
    for (const [forged, code] of cases) {
      assert.throws(() => Conversation.begin(alice.identity, forged), refused(code), code);
    }
  });

  test('a message thrown back, or of another identity, is refused', () => {
    const { alice, bob } = pairOf('reflected');
    const message = alice.conversation.encrypt(text('to Bob'));
    assert.throws(() => alice.conversation.decrypt(message, alice.preKeys), refused('bad_message'));
    const begun = Conversation.begin(partyOf('mallory').identity, bob.preKeys.bundle());
    assert.throws(
      () => bob.conversation.decrypt(begun.encrypt(text('')), bob.preKeys),
      refused('wrong_identity'),
    );
  });

  test('a sealed message opens for its recipient alone, and in no byte changed', () => {
    const alice = partyOf('seal/alice').identity;
    const bob = partyOf('seal/bob').identity;
    const sealed = seal(bob.publicKey, alice.publicKey, text('inside'));
    assert.deepEqual(unseal(bob, sealed), { senderIdentityKey: alice.publicKey, message: text('inside') });
    assert.throws(() => unseal(alice, sealed), refused('bad_message'));
    for (const at of sealed.keys()) {
      if (at % 3 === 0) assert.throws(() => unseal(bob, flipped(sealed, at)), refused('bad_message'));
    }
  });
});

test('random and cut bytes are refused by every decoder with an error of this package', () => {
  const { alice, bob } = pairOf('fuzz');
  const key = SenderKey.create('g');
  const receiver = SenderKeyReceiver.from(key.distribution());
  const decoders: [(bytes: Uint8Array) => unknown, Uint8Array][] = [
    [(bytes) => bob.conversation.decrypt(bytes, bob.preKeys), alice.conversation.encrypt(text('x'))],
    [(bytes) => Conversation.accept(bob.identity, bob.preKeys, bytes), beginningOf(bob)],
    [(bytes) => Conversation.fromBytes(alice.identity, bytes), alice.conversation.toBytes()],
    [(bytes) => PreKeys.fromBytes(bytes), bob.preKeys.toBytes()],
    [
      (bytes) => unseal(bob.identity, bytes),
      seal(bob.identity.publicKey, alice.identity.publicKey, text('x')),
    ],
    [(bytes) => SenderKey.fromBytes(bytes), key.toBytes()],
    [(bytes) => SenderKeyReceiver.fromBytes(bytes), receiver.toBytes()],
    [(bytes) => SenderKeyReceiver.from(bytes), key.distribution()],
    [(bytes) => receiver.decrypt(bytes), key.encrypt(text('x'))],
  ];
  const input = fc.record({ random: fc.uint8Array({ maxLength: 200 }), cut: fc.nat(), valid: fc.boolean() });
  fc.assert(
    fc.property(input, ({ random, cut, valid }) => {
      for (const [decode, genuine] of decoders) {
        const head = valid ? genuine.slice(0, cut % genuine.length) : genuine.slice(0, 2);
        assert.throws(() => decode(valid ? head : Uint8Array.of(...head, ...random)), SessionError);
      }
    }),
    { numRuns: Math.ceil(2_000 * SCALE) },
  );
});

function beginningOf(bob: { preKeys: PreKeys }): Uint8Array {
  return Conversation.begin(partyOf('fuzz/other').identity, bob.preKeys.bundle()).encrypt(text('x'));
}
