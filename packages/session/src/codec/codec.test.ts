import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { Conversation } from '../conversation/conversation.js';
import { pairOf, partyOf, text, textOf } from '../conversation/pair.fixture.js';
import { SessionError } from '../error.js';
import { SenderKey } from '../group/sender-key.js';
import { SenderKeyReceiver } from '../group/sender-key-receiver.js';
import { IdentityKeys } from '../identity/identity-keys.js';
import { MAX_MESSAGE } from '../limits.js';
import { PreKeys } from '../pre-keys/pre-keys.js';
import { seal, unseal } from '../sealed/seal.js';

/** The bytes as a file or a socket of Node gives them, in memory that is then used for something else. */
function read<T>(bytes: Uint8Array, use: (buffer: Buffer) => T): T {
  const memory = Buffer.concat([Buffer.from('before'), bytes, Buffer.from('after')]);
  const result = use(memory.subarray(6, 6 + bytes.length));
  memory.fill(0xee);
  return result;
}

describe('bytes from a Buffer', () => {
  test('are read where they stand, and stay when its memory is used again', () => {
    const { alice, bob } = pairOf('buffer');
    const key = SenderKey.create('g');
    const identity = read(alice.identity.secret, (buffer) => IdentityKeys.fromSecret(buffer));
    assert.deepEqual(identity.sign(text('x')), alice.identity.sign(text('x')));
    const preKeys = read(bob.preKeys.toBytes(), (buffer) => PreKeys.fromBytes(buffer));
    assert.deepEqual(preKeys.toBytes(), bob.preKeys.toBytes());
    const state = alice.conversation.toBytes();
    const stored = read(state, (buffer) => Conversation.fromBytes(identity, buffer));
    assert.deepEqual(stored.toBytes(), state);
    const message = read(stored.encrypt(text('x')), (buffer) => bob.conversation.decrypt(buffer, preKeys));
    assert.equal(textOf(message), 'x');
    const sent = read(key.toBytes(), (buffer) => SenderKey.fromBytes(buffer)).encrypt(text('y'));
    const receiver = read(key.distribution(), (buffer) => SenderKeyReceiver.from(buffer));
    assert.equal(textOf(read(sent, (buffer) => receiver.decrypt(buffer))), 'y');
    const sealed = seal(bob.identity.publicKey, alice.identity.publicKey, text('z'));
    const { senderIdentityKey, message: inner } = read(sealed, (buffer) => unseal(bob.identity, buffer));
    assert.deepEqual([senderIdentityKey, textOf(inner)], [alice.identity.publicKey, 'z']);
  });

  test("of a bundle stay the session's when their memory is used again", () => {
    const [alice, bob] = [partyOf('bundle buffer/alice'), partyOf('bundle buffer/bob')];
    const bundle = bob.preKeys.bundle();
    const { publicKey } = bundle.signedPreKey;
    const begun = read(publicKey, (buffer) =>
      read(bundle.identityKey, (identityKey) =>
        Conversation.begin(alice.identity, {
          ...bundle,
          identityKey,
          signedPreKey: { ...bundle.signedPreKey, publicKey: buffer },
        }),
      ),
    );
    const { plaintext } = Conversation.accept(bob.identity, bob.preKeys, begun.encrypt(text('x')));
    assert.equal(textOf(plaintext), 'x');
    assert.deepEqual(begun.peer, bob.identity.publicKey);
  });
});

test('what is no bytes, or longer than a message may be, is refused before anything is computed', () => {
  const { alice, bob } = pairOf('no bytes');
  const receiver = SenderKeyReceiver.from(SenderKey.create('g').distribution());
  const readers: ((bytes: Uint8Array) => unknown)[] = [
    (bytes) => bob.conversation.decrypt(bytes, bob.preKeys),
    (bytes) => Conversation.accept(bob.identity, bob.preKeys, bytes),
    (bytes) => unseal(bob.identity, bytes),
    (bytes) => receiver.decrypt(bytes),
  ];
  const hostile: unknown[] = [
    undefined,
    null,
    'text',
    { length: 3 },
    new Uint8Array(2 * MAX_MESSAGE).fill(1),
  ];
  for (const read of readers) {
    for (const value of hostile) {
      // @ts-expect-error: what a caller without types may pass on
      assert.throws(() => read(value), SessionError);
    }
  }
  assert.throws(() =>
    seal(bob.identity.publicKey, alice.identity.publicKey, new Uint8Array(MAX_MESSAGE + 1)),
  );
});
