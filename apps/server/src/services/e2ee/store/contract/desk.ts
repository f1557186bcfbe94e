import assert from 'node:assert/strict';
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../../../../platform/sql/database.js';
import { Names } from '../../rules/names.js';
import type { QueueLimits } from '../../rules/room.js';
import type { PreKey } from '../../rules/stock.js';
import { type Acknowledged, acknowledge } from '../acknowledge.js';
import { type Claimed, claimPreKey } from '../claim-prekey.js';
import { type Delivered, type Draft, deliver } from '../deliver.js';
import type { EnvelopeRow } from '../envelope.js';
import { erase, purge } from '../erase.js';
import { findEnvelope } from '../find-envelope.js';
import { markDelivered } from '../mark-delivered.js';
import { openQueue } from '../open-queue.js';
import { type Page, pending } from '../pending.js';
import { DEFAULT_DEVICE, type Owner } from '../queue.js';
import { sweep } from '../sweep.js';
import { type Uploaded, uploadKeys } from '../upload-keys.js';
import { type Books, books } from './rows.js';

export const MINUTE_MS = 60_000;
export const HOUR_MS = 60 * MINUTE_MS;
export const DAY_MS = 24 * HOUR_MS;
const OPEN: QueueLimits = { envelopes: 0, bytes: 0 };
const NAMES = new Names('a secret that tests share, long enough for anyone');
const utf8 = new TextEncoder();

/** What of a draft a test cares for. */
export type Wish = { key?: string; text?: string; size?: number; expiresAt?: number };

/** What a server does with the store, at a time that the test says. */
export class Desk {
  readonly db: Database;
  now: number;

  constructor(db: Database | undefined, now = 1_750_000_000_000) {
    assert.ok(db !== undefined);
    this.db = db;
    this.now = now;
  }

  async account(): Promise<Uint8Array> {
    const account = newId();
    await this.db.write(openQueue, owner(account));
    return account;
  }

  async accounts(count: number): Promise<Uint8Array[]> {
    return Promise.all(Array.from({ length: count }, () => this.account()));
  }

  draft(recipient: Uint8Array, sender: Uint8Array, wish: Wish = {}): Draft {
    const { key, text = 'text', size = 100, expiresAt = null } = wish;
    return {
      id: newId(),
      recipient: owner(recipient),
      sender,
      key: key === undefined ? null : NAMES.message(recipient, sender, key),
      content: key === undefined ? null : sha256(text),
      type: 0,
      session: null,
      group_id: null,
      client_id: key === undefined ? null : utf8.encode(key),
      ciphertext: utf8.encode(text),
      header: null,
      signature: null,
      meta: null,
      size,
      expires_at: expiresAt,
      created_at: this.now,
    };
  }

  deliver(drafts: readonly Draft[], limits = OPEN): Promise<Delivered> {
    return this.db.write(deliver, { drafts, limits });
  }

  send(recipient: Uint8Array, sender: Uint8Array, wish: Wish = {}, limits = OPEN): Promise<Delivered> {
    return this.deliver([this.draft(recipient, sender, wish)], limits);
  }

  /** Sends that must be stored; their ids by sequence. */
  async fill(
    recipient: Uint8Array,
    sender: Uint8Array,
    count: number,
    wish: Wish = {},
  ): Promise<Uint8Array[]> {
    const drafts = Array.from({ length: count }, () => this.draft(recipient, sender, wish));
    assert.equal((await this.deliver(drafts)).status, 'ok');
    return drafts.map(({ id }) => id);
  }

  ackIds(account: Uint8Array, ids: readonly Uint8Array[]): Promise<Acknowledged> {
    return this.db.write(acknowledge, { owner: owner(account), now: this.now, by: { ids } });
  }

  ackUpTo(account: Uint8Array, upTo: number): Promise<Acknowledged> {
    return this.db.write(acknowledge, { owner: owner(account), now: this.now, by: { upTo } });
  }

  async queue(account: Uint8Array): Promise<number> {
    const { queue } = await this.pending(account);
    assert.ok(queue !== null);
    return queue;
  }

  mark(queue: number, first: number, last: number): Promise<null> {
    return this.db.write(markDelivered, { queue, first, last, now: this.now });
  }

  find(account: Uint8Array, id: Uint8Array): Promise<EnvelopeRow | null> {
    return this.db.read(findEnvelope, { owner: owner(account), id });
  }

  pending(account: Uint8Array, ask: { after?: number; take?: number; bytes?: number } = {}): Promise<Page> {
    const { after = 0, take = 100_000, bytes = Number.MAX_SAFE_INTEGER } = ask;
    return this.db.read(pending, { owner: owner(account), after, take, bytes, now: this.now });
  }

  /** Sequences that wait. */
  async waiting(account: Uint8Array): Promise<number[]> {
    return (await this.pending(account)).rows.map(({ sequence }) => sequence);
  }

  async sweep(limit = 1_000): Promise<void> {
    while ((await this.db.write(sweep, { now: this.now, limit })) >= limit);
  }

  erase(account: Uint8Array): Promise<null> {
    return this.db.write(erase, { account });
  }

  async purge(limit = 1_000): Promise<void> {
    while (await this.db.write(purge, { limit }));
  }

  upload(
    account: Uint8Array,
    preKeys: readonly PreKey[],
    wish: { identity?: string; stock?: number; spent?: number } = {},
  ): Promise<Uploaded> {
    const { identity = 'identity', stock = 1_000, spent = 10_000 } = wish;
    const bundle = {
      id: newId(),
      algorithm: utf8.encode('x25519'),
      identity_key: sha256(identity),
      signed_id: 1,
      signed_key: sha256('signed'),
      signed_signature: newId(),
      signed_expires_at: null,
      last_resort_id: null,
      last_resort_key: null,
      pq_id: null,
      pq_key: null,
      pq_signature: null,
      meta: null,
      verified: 0,
      created_at: this.now,
      updated_at: this.now,
    };
    return this.db.write(uploadKeys, { owner: owner(account), bundle, preKeys, limits: { stock, spent } });
  }

  claim(
    target: Uint8Array,
    requester: Uint8Array,
    wish: { fresh?: boolean; perTarget?: number; perPair?: number } = {},
  ): Promise<Claimed | null> {
    const { fresh = false, perTarget = 0, perPair = 0 } = wish;
    const pair = NAMES.pair(requester, DEFAULT_DEVICE, target);
    const caps = { perTarget, perPair };
    return this.db.write(claimPreKey, { target: owner(target), pair, fresh, caps, now: this.now });
  }

  /** The id of the prekey that was handed out, null when none was. */
  async claimed(...ask: Parameters<Desk['claim']>): Promise<number | null> {
    return (await this.claim(...ask))?.preKey?.key_id ?? null;
  }

  books(): Promise<Books> {
    return this.db.read(books, null);
  }
}

export function owner(account: Uint8Array): Owner {
  return { account, device: DEFAULT_DEVICE };
}

export function newId(): Uint8Array {
  return Uint8Array.from(randomBytes(16));
}

export function sha256(text: string): Uint8Array {
  return Uint8Array.from(createHash('sha256').update(text).digest());
}

/** Prekeys of these ids; the same id and name are the same key. */
export function preKeys(first: number, count: number, name = newName()): PreKey[] {
  return Array.from({ length: count }, (_, index) => ({
    keyId: first + index,
    publicKey: sha256(`${name} ${first + index}`),
  }));
}

export function newName(): string {
  return randomBytes(8).toString('hex');
}

export function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index + 1);
}

/** The sequence of each envelope of a delivery that must have been taken. */
export function sequences(delivered: Delivered): number[] {
  assert.ok(delivered.status === 'ok');
  return delivered.stored.map((stored) => {
    if (stored.kind === 'stored') return stored.sequence;
    return stored.kind === 'replay' ? stored.row.sequence : stored.spent.sequence;
  });
}

export function kinds(delivered: Delivered): string[] {
  assert.ok(delivered.status === 'ok');
  return delivered.stored.map(({ kind }) => kind);
}
