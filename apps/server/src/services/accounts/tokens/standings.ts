import type { Clock } from '../../../platform/clock.js';
import { ExpiringMap } from '../../../platform/expiring.js';
import type { Database } from '../../../platform/sql/database.js';
import { Unavailable } from '../../../platform/unavailable.js';
import { judge } from '../rules/standing.js';
import { admit } from '../store/admit.js';
import { standing } from '../store/standing.js';
import type { Bearer } from './bearer.js';
import type { Endings } from './endings.js';
import { tokenIdBytes } from './token-id.js';

/** So long an answer of the database counts, unless news come first. */
const FRESH_MS = 30_000;
const ACCOUNTS = 50_000;
const TOKENS_PER_ACCOUNT = 32;

/**
 * Whether tokens still hold. What the database said is remembered for a moment, but only while endings on other
 * instances would be heard of.
 */
export class Standings {
  readonly #db: Database;
  readonly #clock: Clock;
  readonly #endings: Endings;
  /** By account, the tokens of it that hold, each until when that counts. */
  #fresh = new ExpiringMap<Map<string, number>>(ACCOUNTS);
  /** Looks under way. */
  readonly #looks = new Map<string, Promise<boolean>>();
  /** Endings so far: a look that one of them overtook is not remembered. */
  #ended = 0;

  constructor(db: Database, clock: Clock, endings: Endings) {
    this.#db = db;
    this.#clock = clock;
    this.#endings = endings;
    endings.onEnded((ended) => {
      this.#ended += 1;
      // Who asks from now on must not be answered by a look of before.
      this.#looks.clear();
      if (ended === null) this.#fresh = new ExpiringMap(ACCOUNTS);
      else this.#fresh.delete(ended.accountId);
    });
  }

  /** Accounts remembered, for tests of the bound. */
  get held(): number {
    return this.#fresh.size;
  }

  /** Whether the token holds, as far as was known a moment ago. */
  async holds(bearer: Bearer): Promise<boolean> {
    if (this.#isFresh(bearer)) return true;
    const name = `${bearer.accountId} ${bearer.tokenId}`;
    const underWay = this.#looks.get(name);
    if (underWay !== undefined) return underWay;
    const look = this.ask(bearer);
    this.#looks.set(name, look);
    try {
      return await look;
    } finally {
      if (this.#looks.get(name) === look) this.#looks.delete(name);
    }
  }

  /** Whether the token holds now: asks the database. Makes the account that an outside issuer speaks of. */
  async ask(bearer: Bearer): Promise<boolean> {
    const { account, tokenId, issuedAt } = bearer;
    const ended = this.#ended;
    const found = await this.#db.read(standing, { account, token: tokenIdBytes(tokenId) });
    const verdict = judge(bearer, found);
    if (verdict === 'over') return false;
    if (verdict === 'new') {
      const admitted = await this.#db.write(admit, { account, issuedAt, now: this.#clock.now() });
      if (admitted === 'erasing') throw new Unavailable('the erasure of an earlier account');
      if (admitted === 'ended') return false;
    }
    if (this.#ended === ended) this.#remember(bearer);
    return true;
  }

  #isFresh({ accountId, tokenId }: Bearer): boolean {
    if (!this.#endings.healthy()) return false;
    const now = this.#clock.monotonic();
    const until = this.#fresh.get(accountId, now)?.get(tokenId);
    return until !== undefined && until > now;
  }

  #remember({ accountId, tokenId }: Bearer): void {
    const now = this.#clock.monotonic();
    const until = now + FRESH_MS;
    const tokens = this.#fresh.get(accountId, now) ?? new Map<string, number>();
    if (tokens.size >= TOKENS_PER_ACCOUNT) tokens.clear();
    tokens.set(tokenId, until);
    this.#fresh.set(accountId, tokens, until, now);
  }
}
