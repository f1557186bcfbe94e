import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SessionError, type SessionErrorCode } from '../error.js';
import { MAX_PLAINTEXT, MAX_SESSIONS } from '../limits.js';
import { Conversation } from './conversation.js';
import { pairOf, partyOf, text, textOf } from './pair.fixture.js';

const refused = (code: SessionErrorCode) => (error: unknown) =>
  error instanceof SessionError && error.code === code;

describe('a conversation', () => {
  test('begins with a message, goes both ways and is established by the first answer', () => {
    const alice = partyOf('alice');
    const bob = partyOf('bob');
    const [oneTime] = bob.preKeys.refill(1);
    const begun = Conversation.begin(alice.identity, bob.preKeys.bundle(oneTime));
    assert.equal(begun.established, false);
    const first = begun.encrypt(text('one'));
    const second = begun.encrypt(text('two'));
    const { conversation, plaintext, peerIdentityKey, usedOneTime } = Conversation.accept(
      bob.identity,
      bob.preKeys,
      second,
    );
    assert.equal(textOf(plaintext), 'two');
    assert.deepEqual(peerIdentityKey, alice.identity.publicKey);
    assert.equal(usedOneTime, oneTime?.id);
    assert.equal(bob.preKeys.oneTimeCount, 0);
    assert.equal(conversation.established, true);
    assert.equal(textOf(conversation.decrypt(first, bob.preKeys)), 'one');
    const answer = conversation.encrypt(text('three'));
    assert.equal(textOf(begun.decrypt(answer, alice.preKeys)), 'three');
    assert.equal(begun.established, true);
    assert.ok(begun.encrypt(text('four')).length < first.length, 'the beginning is no longer repeated');
  });

  test('goes on from stored state at every step', () => {
    const { alice, bob } = pairOf('stored');
    let [from, to] = [alice, bob];
    for (let n = 0; n < 12; n++) {
      const kept = Conversation.fromBytes(from.identity, from.conversation.toBytes(), {
        random: from.random,
      });
      assert.deepEqual(kept.toBytes(), from.conversation.toBytes());
      const message = kept.encrypt(text(`${n}`));
      from = { ...from, conversation: kept };
      const other = Conversation.fromBytes(to.identity, to.conversation.toBytes(), { random: to.random });
      assert.equal(textOf(other.decrypt(message, to.preKeys)), `${n}`);
      to = { ...to, conversation: other };
      if (n % 3 !== 0) [from, to] = [to, from];
    }
  });

  test('that both begin at once reads everything and settles', () => {
    const alice = partyOf('simultaneous/alice');
    const bob = partyOf('simultaneous/bob');
    const atAlice = Conversation.begin(alice.identity, bob.preKeys.bundle(bob.preKeys.refill(1)[0]));
    const atBob = Conversation.begin(bob.identity, alice.preKeys.bundle(alice.preKeys.refill(1)[0]));
    const crossing = [atAlice.encrypt(text('from Alice')), atBob.encrypt(text('from Bob'))] as const;
    assert.equal(textOf(atBob.decrypt(crossing[0], bob.preKeys)), 'from Alice');
    assert.equal(textOf(atAlice.decrypt(crossing[1], alice.preKeys)), 'from Bob');
    for (let n = 0; n < 6; n++) {
      const both = [atAlice.encrypt(text(`a${n}`)), atBob.encrypt(text(`b${n}`))] as const;
      assert.equal(textOf(atBob.decrypt(both[0], bob.preKeys)), `a${n}`);
      assert.equal(textOf(atAlice.decrypt(both[1], alice.preKeys)), `b${n}`);
    }
    assert.ok(atAlice.established && atBob.established);
  });

  test('goes on with a peer that lost its state', () => {
    const { alice, bob } = pairOf('lost');
    bob.conversation.decrypt(alice.conversation.encrypt(text('in time')), bob.preKeys);
    const late = alice.conversation.encrypt(text('sent before'));
    const renewed = Conversation.begin(alice.identity, bob.preKeys.bundle(bob.preKeys.refill(1)[0]));
    assert.equal(
      textOf(bob.conversation.decrypt(renewed.encrypt(text('me again')), bob.preKeys)),
      'me again',
    );
    assert.equal(textOf(bob.conversation.decrypt(late, bob.preKeys)), 'sent before');
    const answer = bob.conversation.encrypt(text('welcome back'));
    assert.equal(textOf(renewed.decrypt(answer, alice.preKeys)), 'welcome back');
  });

  test('comes back to a session that is in use when late messages led away from it', () => {
    const { alice, bob } = pairOf('led away');
    const late = alice.conversation.encrypt(text('late, with a new ratchet key'));
    const renewed = Conversation.begin(alice.identity, bob.preKeys.bundle());
    bob.conversation.decrypt(renewed.encrypt(text('again')), bob.preKeys);
    bob.conversation.decrypt(late, bob.preKeys);
    bob.conversation.decrypt(renewed.encrypt(text('and again')), bob.preKeys);
    assert.equal(textOf(renewed.decrypt(bob.conversation.encrypt(text('heard')), alice.preKeys)), 'heard');
  });

  test('keeps the five sessions used last', () => {
    const { alice, bob } = pairOf('five');
    const early = alice.conversation.encrypt(text('early'));
    for (let n = 0; n < MAX_SESSIONS; n++) {
      alice.conversation.renew(bob.preKeys.bundle());
      assert.equal(textOf(bob.conversation.decrypt(alice.conversation.encrypt(text('x')), bob.preKeys)), 'x');
    }
    assert.throws(() => bob.conversation.decrypt(early, bob.preKeys), refused('bad_message'));
  });

  test('takes plaintexts of every length up to the bound and none beyond', () => {
    const { alice, bob } = pairOf('lengths');
    for (const length of [0, 1, 255, 256, 257, MAX_PLAINTEXT]) {
      const plaintext = new Uint8Array(length).fill(0);
      const message = alice.conversation.encrypt(plaintext);
      assert.deepEqual(bob.conversation.decrypt(message, bob.preKeys), plaintext);
    }
    const before = alice.conversation.toBytes();
    assert.throws(() => alice.conversation.encrypt(new Uint8Array(MAX_PLAINTEXT + 1)), refused('too_long'));
    assert.deepEqual(alice.conversation.toBytes(), before);
  });

  test('without a post-quantum prekey is begun and accepted only where that is allowed', () => {
    const alice = partyOf('classic/alice');
    const bob = partyOf('classic/bob');
    const { pqPreKey: _, ...classic } = bob.preKeys.bundle(bob.preKeys.refill(1)[0]);
    assert.throws(() => Conversation.begin(alice.identity, classic), refused('pq_required'));
    const begun = Conversation.begin(alice.identity, classic, { requirePq: false });
    const message = begun.encrypt(text('classic'));
    assert.throws(() => Conversation.accept(bob.identity, bob.preKeys, message), refused('pq_required'));
    assert.equal(bob.preKeys.oneTimeCount, 1);
    const { plaintext } = Conversation.accept(bob.identity, bob.preKeys, message, { requirePq: false });
    assert.equal(textOf(plaintext), 'classic');
  });
});
