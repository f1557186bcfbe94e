/** One pool (or several on one PostgreSQL) for a suite, run once on each database. */
import assert from 'node:assert/strict';
import { PoolState } from '@blindpost/protocol/pool';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { minerToken, PoolWire, type PoolWireOptions } from '@blindpost/testbed/wire-pool';
import { ADMIN, type DatabaseName, DatabaseStage, onStages } from '../database-stage.js';
import { assertOk } from '../relay/answers.js';
import type { Settings } from '../relay/stage.js';
import { win } from './work.js';

export { ADMIN, type DatabaseName } from '../database-stage.js';
export { eventually, SCALE, type Settings } from '../relay/stage.js';

export interface StageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  /** Default: both. */
  databases?: readonly DatabaseName[];
  /** Default: the pool alone. */
  services?: readonly string[];
}

/** For suites that win nothing: rounds that nobody solves stay open for minutes. */
export const LASTING: StageOptions = { env: { POOL_TARGET_SECONDS: '60' } };

export class Stage extends DatabaseStage {
  constructor(database: DatabaseName, options: StageOptions) {
    const { env = {}, services = ['pool'] } = options;
    super(database, { env, services });
  }

  /** A client of the first server, or of the one at `url`; without a token, an address. */
  client(options: PoolWireOptions = {}, url = this.url): PoolWire {
    return this.keep(new PoolWire(url, options));
  }

  /** A new miner with a token of its own. */
  miner(options: PoolWireOptions = {}, url?: string): PoolWire {
    return this.client({ token: minerToken(), ...options }, url);
  }

  /** A new miner who has won once, and what it holds. */
  async winner(options: PoolWireOptions = {}): Promise<{ miner: PoolWire; held: number }> {
    const miner = this.miner(options);
    const { payout } = await win(miner);
    return { miner, held: payout };
  }

  /** The same miner at the first server as it is now. */
  again(miner: PoolWire): PoolWire {
    return this.client(miner.options);
  }

  admin(path: string, body?: unknown, url = this.url): Promise<WireAnswer> {
    const client = this.client({ headers: { 'x-admin-token': ADMIN } }, url);
    return body === undefined ? client.get(`/admin${path}`) : client.post(`/admin${path}`, body);
  }

  async state(url?: string): Promise<PoolState> {
    return assertOk(await this.admin('/state', undefined, url), PoolState);
  }

  /** Every account added up is nothing, and the one who was never paid owes nothing. */
  async assertBooksBalance(url?: string): Promise<void> {
    const { ledger } = await this.state(url);
    assert.equal(ledger.sum_micro, 0, JSON.stringify(ledger));
    const sum = Object.values(ledger.accounts).reduce((total, balance) => total + balance, 0);
    assert.equal(sum, 0, JSON.stringify(ledger));
    assert.ok((ledger.accounts.miner ?? 0) >= 0, JSON.stringify(ledger));
  }
}

/**
 * Defines the suite once per database, each on a stage of its own. Cases run one after the other: all miners
 * of a stage work on the same round.
 */
export async function onEveryDatabase(
  title: string,
  define: (stage: Stage) => void,
  options: StageOptions = {},
): Promise<void> {
  const databases = options.databases ?? ['sqlite', 'postgres'];
  const stages = new Map(databases.map((name) => [name, () => new Stage(name, options)] as const));
  await onStages(title, stages, define);
}

/** What must be there. */
export function given<T>(value: T | undefined): T {
  assert.ok(value !== undefined, 'a value');
  return value;
}
