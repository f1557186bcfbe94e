import { randomBytes } from 'node:crypto';
import type { NewMessage, NewSession, Owner, RelayStore, RelayStoreLimits } from '../store.js';

/** One adapter under the contract. */
export interface Bench {
  /** An empty store; a second one opened at the same time would share or lose its state. */
  open(limits?: Partial<RelayStoreLimits>): Promise<RelayStore>;
  /** Lets `ms` pass for the store, or a little more. */
  elapse(ms: number): Promise<void>;
  /** How often to try what the rule says thousands of times. */
  scaled(times: number): number;
  /** Milliseconds since the epoch, as the store sees them. */
  now(): number;
  /** Every key and value of the store opened last, as text. */
  dump(): Promise<string>;
}

const MINUTE = 60_000;

export const LIMITS: RelayStoreLimits = {
  mailboxMessages: 10,
  mailboxBytes: 10_000,
  senderShare: 0.5,
  memoryBytes: 0,
  sessions: 3,
  nicknames: 2,
  aliases: 3,
  grants: 3,
  spentPreKeys: 5,
  ttlMs: 30 * 24 * 60 * MINUTE,
};

export const CAPS = { perRequester: 2, perTarget: 4, windowMs: 60 * MINUTE };

export const newName = (): string => randomBytes(32).toString('hex');
export const newSalt = (): string => randomBytes(8).toString('hex');

export function workSession(bench: Bench, tokenHash = newName()): NewSession {
  return { by: 'work', tokenHash, expiresAt: bench.now() + 60 * MINUTE };
}

export function keySession(bench: Bench, tokenHash = newName()): NewSession {
  return { ...workSession(bench, tokenHash), by: 'key' };
}

/** Who a socket speaks for that work alone has admitted. */
export async function admitted(bench: Bench, store: RelayStore, name = newName()): Promise<Owner> {
  await store.admit(name, workSession(bench));
  return ownerOf(store, name);
}

/** Who a socket of this name speaks for now; of a name that is not there, nobody. */
export async function ownerOf(store: RelayStore, name: string): Promise<Owner> {
  return { name, generation: (await store.standing(name))?.generation ?? '' };
}

export function text(body: string | Buffer, sender = 'somebody', salt = newSalt()): NewMessage {
  return { kind: 'text', type: 'msg', payload: Buffer.from(body), sender, salt };
}

export function bundle(prefix: string, preKeys: number, discoverable: string | null = null) {
  return {
    sealed: `sealed-${prefix}`,
    preKeys: Array.from({ length: preKeys }, (_, index) => ({
      fingerprint: `${prefix}-${index}`,
      record: `record of ${prefix}-${index}`,
    })),
    discoverable,
  };
}

/** Bodies of all that is queued. */
export async function queued(store: RelayStore, name: string): Promise<string[]> {
  const messages = await store.read(name, 0, 1_000, 100_000_000);
  return messages.map(({ payload }) => payload.toString());
}
