import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { SessionError, type SessionErrorCode } from '../error.js';
import { MAX_SKIP } from '../limits.js';
import { keyPairOf } from '../primitives/x25519.js';
import type { Header } from './header.js';
import { decrypt } from './ratchet.js';
import type { Ratchet } from './state.js';

const filled = (value: number) => new Uint8Array(32).fill(value);
const OWN = keyPairOf(filled(1));
const REMOTE = keyPairOf(filled(2)).publicKey;
const OTHER = keyPairOf(filled(3)).publicKey;
const READ = 7;

/** A ratchet that has read seven messages, and what was computed with its secrets. */
function watched() {
  const used = { agreements: 0, chains: 0 };
  const ratchet: Ratchet = {
    root: filled(4),
    own: {
      publicKey: OWN.publicKey,
      get secret() {
        used.agreements += 1;
        return OWN.secret;
      },
    },
    remote: REMOTE,
    sending: null,
    receiving: {
      n: READ,
      get key() {
        used.chains += 1;
        return filled(5);
      },
    },
    previous: 0,
    skipped: [],
    past: [],
  };
  return { ratchet, used };
}

function costOf(header: Header, code: SessionErrorCode) {
  const { ratchet, used } = watched();
  const sealed = { prefix: Uint8Array.of(1, 1), header, ciphertext: new Uint8Array(272) };
  assert.throws(
    () => decrypt(ratchet, Uint8Array.of(9), sealed),
    (error) => error instanceof SessionError && error.code === code,
  );
  return used;
}

describe('a header that nobody has proved', () => {
  test('and that asks for too much is refused before anything is computed', () => {
    const free = { agreements: 0, chains: 0 };
    for (const far of [MAX_SKIP + 1, 0xffff_ffff]) {
      assert.deepEqual(costOf({ key: OTHER, previous: 0, n: far }, 'too_far'), free);
      assert.deepEqual(costOf({ key: OTHER, previous: READ + far, n: 0 }, 'too_far'), free);
      assert.deepEqual(costOf({ key: REMOTE, previous: 0, n: READ + far }, 'too_far'), free);
    }
    assert.deepEqual(costOf({ key: REMOTE, previous: 0, n: READ - 1 }, 'replayed'), free);
  });

  test('costs one agreement with a new ratchet key, and nothing in the chain that it claims to end', () => {
    const cost = costOf({ key: OTHER, previous: READ + MAX_SKIP, n: 0 }, 'bad_message');
    assert.deepEqual(cost, { agreements: 1, chains: 0 });
  });
});
