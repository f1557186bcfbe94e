import { createHmac, hkdfSync } from 'node:crypto';
import { xchacha20poly1305 } from '@noble/ciphers/chacha.js';
import { x25519 } from '@noble/curves/ed25519.js';

/** What one side did, in order. A ratchet is a function of it. */
type Event = { kind: 'made'; secret: Uint8Array } | { kind: 'saw'; key: Uint8Array };

/**
 * The Double Ratchet as one would write it on a blackboard: it keeps the root and the ratchet keys in the order they
 * were made and seen, and computes every chain anew from the root for each message. Nothing is kept of messages that
 * are missing, and nothing is bounded.
 */
export class ReferenceRatchet {
  readonly #root: Uint8Array;
  readonly #associated: Uint8Array;
  readonly #random: (length: number) => Uint8Array;
  readonly #first: Event;
  readonly #events: Event[] = [];
  #sent: number[] = [];
  readonly #read = new Set<string>();

  constructor(
    root: Uint8Array,
    associated: Uint8Array,
    first: Event,
    random: (length: number) => Uint8Array,
  ) {
    this.#root = root;
    this.#associated = associated;
    this.#first = first;
    this.#random = random;
  }

  encrypt(prefix: Uint8Array, plaintext: Uint8Array): Uint8Array {
    const last = this.#events.at(-1);
    if (last?.kind !== 'made') {
      this.#events.push({ kind: 'made', secret: this.#random(32) });
      this.#sent.push(0);
    }
    const n = this.#sent.at(-1) ?? 0;
    const previous = this.#sent.at(-2) ?? 0;
    this.#sent = [...this.#sent.slice(0, -1), n + 1];
    const made = this.#events.at(-1);
    if (made?.kind !== 'made') throw new Error('A message follows a ratchet key.');
    const header = Buffer.alloc(40);
    header.set(x25519.getPublicKey(made.secret));
    header.writeUInt32BE(previous, 32);
    header.writeUInt32BE(n, 36);
    const padded = Buffer.concat([plaintext, Buffer.of(0x80), Buffer.alloc(255 - (plaintext.length % 256))]);
    const box = this.#box(this.#chainOf(this.#events.length - 1), n, Buffer.concat([prefix, header]));
    return Uint8Array.from(Buffer.concat([prefix, header, box.encrypt(padded)]));
  }

  /** Undefined for what was read before or cannot be read. */
  decrypt(message: Uint8Array, prefixLength: number): Uint8Array | undefined {
    const before = message.slice(0, prefixLength + 40);
    const key = before.slice(prefixLength, prefixLength + 32);
    const n = Buffer.from(before).readUInt32BE(prefixLength + 36);
    const name = `${Buffer.from(key).toString('hex')}/${n}`;
    if (this.#read.has(name)) return undefined;
    let at = this.#events.findIndex((event) => event.kind === 'saw' && Buffer.from(event.key).equals(key));
    if (at === -1) at = this.#events.push({ kind: 'saw', key }) - 1;
    const padded = this.#box(this.#chainOf(at), n, before).decrypt(message.slice(prefixLength + 40));
    this.#read.add(name);
    return padded.slice(0, padded.lastIndexOf(0x80));
  }

  /** The chain key that the event at `at` begins: every root key before it, from the first one. */
  #chainOf(at: number): Uint8Array {
    let root = this.#root;
    let chain = root;
    let before = this.#first;
    for (const event of this.#events.slice(0, at + 1)) {
      const secret = event.kind === 'made' ? event.secret : before.kind === 'made' ? before.secret : root;
      const key = event.kind === 'saw' ? event.key : before.kind === 'saw' ? before.key : root;
      const label = 'Blindpost ratchet v1 X25519 HKDF-SHA-256';
      const both = Buffer.from(hkdfSync('sha256', x25519.getSharedSecret(secret, key), root, label, 64));
      root = both.subarray(0, 32);
      chain = both.subarray(32);
      before = event;
    }
    return chain;
  }

  #box(chain: Uint8Array, n: number, before: Uint8Array) {
    let key = chain;
    for (let step = 0; step < n; step++) key = createHmac('sha256', key).update(Buffer.of(2)).digest();
    const messageKey = createHmac('sha256', key).update(Buffer.of(1)).digest();
    const label = 'Blindpost message v1 XChaCha20-Poly1305';
    const material = new Uint8Array(hkdfSync('sha256', messageKey, Buffer.alloc(32), label, 56));
    return xchacha20poly1305(
      material.slice(0, 32),
      material.slice(32),
      Buffer.concat([this.#associated, before]),
    );
  }
}
