import { randomBytes, randomUUID } from 'node:crypto';
import type { TrackName } from '@blindpost/protocol/pool';
import type { Database } from '../../../../platform/sql/database.js';
import { uuidBytes } from '../../../../platform/sql/id.js';
import { ENTROPY_BYTES } from '../../rules/issue.js';
import type { Terms } from '../../rules/terms.js';
import { type AssignedRound, type AssignRound, assignRound } from '../assign-round.js';
import { balance } from '../balance.js';
import { claimRedemptions } from '../claim-redemptions.js';
import { ensureRounds } from '../ensure-rounds.js';
import { expireRounds } from '../expire-rounds.js';
import { lookup } from '../lookup.js';
import { poolState } from '../pool-state.js';
import { type RecordDelivery, recordDelivery } from '../record-delivery.js';
import { type Redeem, type Redeemed, redeem } from '../redeem.js';
import type { NewRound } from '../round.js';
import { type Settled, settle } from '../settle.js';
import { type Withdraw, withdraw } from '../withdraw.js';

export const TERMS: Terms = {
  weights: { CPU_HASH: 1, CHAIN: 1 },
  refillPerSecond: 1_000_000,
  cap: 100_000_000,
  payoutPercent: 10,
  targetMs: 30_000,
};
/** What the pool of {@link TERMS} pays when it is full. */
export const FULL_PAYOUT = 10_000_000;
const LEASE_MS = 30_000;
/** Long enough to fill the pool of {@link TERMS}. */
const FILL_MS = 100_000;

export const newMiner = (): Uint8Array => new Uint8Array(randomBytes(32));
export const newNonce = (): string => randomBytes(16).toString('hex');
export const newKey = (): Uint8Array => new Uint8Array(randomBytes(16));
export const newCode = (): string => randomBytes(16).toString('hex');

/** 16 bytes that sort by when they were made, as the platform's ids do. */
function newId(now: number): Uint8Array {
  const time = now.toString(16).padStart(12, '0');
  return new Uint8Array(Buffer.from(time + randomBytes(10).toString('hex'), 'hex'));
}

/** Drives the pool's store as its commands do, at a time that only the test moves. */
export class Desk {
  now = 1_750_000_000_000;
  terms = TERMS;

  constructor(public db: Database) {}

  /** A desk whose rounds are open and whose pool is full. */
  static async open(db: Database, tracks: readonly TrackName[] = ['CPU_HASH']): Promise<Desk> {
    const desk = new Desk(db);
    await desk.ensure(tracks);
    desk.now += FILL_MS;
    return desk;
  }

  ensure(tracks: readonly TrackName[]): Promise<null> {
    return this.db.write(ensureRounds, {
      tracks: tracks.map((track) => this.#newRound(track)),
      now: this.now,
      terms: this.terms,
    });
  }

  expire(tracks: readonly TrackName[], olderThanMs = 300_000) {
    return this.db.write(expireRounds, {
      olderThanMs,
      tracks: tracks.map((track) => this.#newRound(track)),
      now: this.now,
      terms: this.terms,
    });
  }

  assign(miner: Uint8Array, how: Partial<AssignRound> = {}): Promise<AssignedRound> {
    return this.db.write(assignRound, {
      miner,
      address: miner,
      now: this.now,
      draw: Math.random(),
      weights: this.terms.weights,
      limits: { locks: 100_000, perAddress: 256 },
      ...how,
    });
  }

  /** The round this miner holds. */
  async round(miner: Uint8Array) {
    const answer = await this.assign(miner);
    if (answer.status !== 'assigned') throw new Error(`no round: ${answer.status}`);
    return answer.round;
  }

  lookup(miner: Uint8Array, round: string, nonce: string, track: TrackName = 'CPU_HASH') {
    return this.db.read(lookup, { round, track, miner, nonce });
  }

  settle(miner: Uint8Array, round: string, nonce = newNonce()): Promise<Settled> {
    return this.db.write(settle, {
      round,
      miner,
      nonce,
      now: this.now,
      newRoundId: newId(this.now),
      entropy: entropy(),
      terms: this.terms,
    });
  }

  /** Lets the miner win a round of the full pool; answers what it was paid. */
  async pay(miner: Uint8Array): Promise<number> {
    this.now += FILL_MS;
    const { id } = await this.round(miner);
    const settled = await this.settle(miner, id);
    if (settled.status !== 'win') throw new Error('not won');
    return settled.payout;
  }

  withdraw(miner: Uint8Array, amount: number, how: Partial<Withdraw> = {}) {
    const request = { miner, amount, destination: 'somewhere', key: null };
    return this.db.write(withdraw, { ...request, id: newId(this.now), now: this.now, ...how });
  }

  redeem(miner: Uint8Array, amount: number | null, how: Partial<Redeem> = {}): Promise<Redeemed> {
    const request = { miner, amount, quotaPerUnit: 500_000, code: newCode(), key: null };
    return this.db.write(redeem, { ...request, id: newId(this.now), now: this.now, ...how });
  }

  claim(id: Uint8Array | null = null, limit = 20, freshMs = 0) {
    return this.db.write(claimRedemptions, { now: this.now, leaseMs: LEASE_MS, freshMs, limit, id });
  }

  record(id: Uint8Array, outcome: RecordDelivery['outcome']) {
    return this.db.write(recordDelivery, { id, outcome, now: this.now });
  }

  balance(miner: Uint8Array) {
    return this.db.read(balance, { miner });
  }

  state() {
    return this.db.read(poolState, { now: this.now, terms: this.terms });
  }

  #newRound(track: TrackName): NewRound {
    return { track, id: newId(this.now), entropy: entropy() };
  }
}

function entropy(): string {
  return randomBytes(ENTROPY_BYTES).toString('hex');
}

/** A round that never was. */
export const strangeRound = (): string => randomUUID();
export const bytesOf = (id: string): Uint8Array => uuidBytes(id) ?? new Uint8Array();
