import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { Reader } from '../codec/reader.js';
import { Writer } from '../codec/writer.js';
import { randomOf } from '../conversation/pair.fixture.js';
import { SessionError } from '../error.js';
import { keyPairOf } from '../primitives/x25519.js';
import { readHeader } from './header.js';
import { decrypt, encrypt } from './ratchet.js';
import { ReferenceRatchet } from './ratchet.reference.fixture.js';
import { initiator, type Ratchet, readRatchet, responder, writeRatchet } from './state.js';

const SCALE = Number(process.env.TEST_SCALE ?? 0.05);
/** A schedule costs some milliseconds of X25519: short runs take half their share of them. */
const SCHEDULES = Math.ceil(100_000 * (SCALE < 1 ? SCALE / 2 : SCALE));
const ROOT = new Uint8Array(32).fill(3);
const ASSOCIATED = Uint8Array.of(9, 9, 9);
const PREFIX = Uint8Array.of(1, 1);
const BOB = keyPairOf(new Uint8Array(32).fill(5));

interface Sent {
  readonly text: Uint8Array;
  readonly message: Uint8Array;
}

/** One side: the ratchet, what it sent, what it read, and the reference beside it. */
class Side {
  #ratchet: Ratchet;
  readonly sent: Sent[] = [];
  readonly #read = new Set<Uint8Array>();
  readonly #random;
  readonly #reference: ReferenceRatchet | null;

  constructor(ratchet: Ratchet, name: string, reference: ReferenceRatchet | null) {
    this.#ratchet = ratchet;
    this.#random = randomOf(name);
    this.#reference = reference;
  }

  get canSend(): boolean {
    return this.#ratchet.remote !== null;
  }

  send(): void {
    const text = Uint8Array.of(this.sent.length, 0x80, 0);
    const { ratchet, message } = encrypt(this.#ratchet, ASSOCIATED, PREFIX, text, this.#random);
    if (this.#reference !== null) assert.deepEqual(message, this.#reference.encrypt(PREFIX, text));
    this.sent.push({ text, message });
    this.#ratchet = stored(ratchet);
  }

  /** Read once, it is the plaintext; twice, it is a replay. Either way nothing else changes. */
  take({ text, message }: Sent): void {
    const reader = new Reader(message.slice(PREFIX.length), 'bad_message');
    const sealed = { prefix: PREFIX, header: readHeader(reader), ciphertext: reader.rest() };
    const before = writeRatchet(new Writer(), this.#ratchet).bytes();
    if (this.#read.has(message)) {
      assert.throws(
        () => decrypt(this.#ratchet, ASSOCIATED, sealed),
        (error) => error instanceof SessionError && error.code === 'replayed',
      );
      assert.deepEqual(writeRatchet(new Writer(), this.#ratchet).bytes(), before);
      assert.equal(this.#reference?.decrypt(message, PREFIX.length), undefined);
      return;
    }
    const { ratchet, plaintext } = decrypt(this.#ratchet, ASSOCIATED, sealed);
    assert.deepEqual(plaintext, text);
    if (this.#reference !== null) {
      assert.deepEqual(this.#reference.decrypt(message, PREFIX.length), plaintext);
    }
    this.#read.add(message);
    this.#ratchet = stored(ratchet);
  }
}

/** The state as it comes back from where it was stored. */
function stored(ratchet: Ratchet): Ratchet {
  const bytes = writeRatchet(new Writer(), ratchet).bytes();
  const reader = new Reader(bytes, 'bad_state');
  const again = readRatchet(reader);
  reader.end();
  assert.deepEqual(writeRatchet(new Writer(), again).bytes(), bytes);
  return again;
}

function sides(withReference: boolean): [Side, Side] {
  const reference = (first: ConstructorParameters<typeof ReferenceRatchet>[2], name: string) =>
    withReference ? new ReferenceRatchet(ROOT, ASSOCIATED, first, randomOf(name)) : null;
  return [
    new Side(
      initiator(ROOT, BOB.publicKey),
      'alice',
      reference({ kind: 'saw', key: BOB.publicKey }, 'alice'),
    ),
    new Side(responder(ROOT, BOB), 'bob', reference({ kind: 'made', secret: BOB.secret }, 'bob')),
  ];
}

/**
 * A step of a schedule: somebody sends, or takes any message ever sent to it. What is never taken is lost, what is
 * taken late is reordered, what is taken twice is duplicated or replayed.
 */
const step = fc.record({ side: fc.nat(1), send: fc.boolean(), pick: fc.nat(1_000) });
const schedule = (maxLength: number) => fc.array(step, { minLength: 1, maxLength });

function run(steps: readonly { side: number; send: boolean; pick: number }[], withReference: boolean): void {
  const both = sides(withReference);
  for (const { side, send, pick } of steps) {
    const [self, other] = side === 0 ? both : [both[1], both[0]];
    if (send && self.canSend) self.send();
    const message = other.sent[pick % Math.max(1, other.sent.length)];
    if (!send && message !== undefined) self.take(message);
  }
}

describe('the Double Ratchet', () => {
  test('100,000 random schedules of sending, loss, reordering, duplication and replay', () => {
    fc.assert(
      fc.property(schedule(9), (steps) => run(steps, false)),
      { numRuns: SCHEDULES },
    );
  });

  test('agrees with a naive reference message by message, byte for byte', () => {
    fc.assert(
      fc.property(schedule(40), (steps) => run(steps, true)),
      { numRuns: Math.ceil(1_000 * SCALE) },
    );
  });
});
