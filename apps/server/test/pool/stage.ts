/** One pool (or several on one PostgreSQL) for a suite, run once on each database. */
import assert from 'node:assert/strict';
import { after, before, describe } from 'node:test';
import { PoolState } from '@blindpost/protocol/pool';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import type { WireAnswer } from '@blindpost/testbed/wire-http';
import { minerToken, PoolWire, type PoolWireOptions } from '@blindpost/testbed/wire-pool';
import { assertOk } from '../relay/answers.js';
import type { Settings } from '../relay/stage.js';
import { win } from './work.js';

export { eventually, SCALE, type Settings } from '../relay/stage.js';

export type DatabaseName = 'sqlite' | 'postgres';

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

export const ADMIN = 'an-admin-key-of-more-than-32-characters-000';
/** Servers that share a database, and a server that is started again, need one secret. */
const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

export class Stage {
  readonly #miners: PoolWire[] = [];
  readonly #servers: TestServer[] = [];
  #directory = '';
  #url: string | undefined;

  constructor(
    readonly database: DatabaseName,
    readonly options: StageOptions,
  ) {}

  /** The first server; another one after `restart`. */
  get server(): TestServer {
    const [server] = this.#servers;
    if (server === undefined) throw new Error('the stage is not open');
    return server;
  }
  get url(): string {
    return this.server.url;
  }

  /** A client of the first server, or of the one at `url`; without a token, an address. */
  client(options: PoolWireOptions = {}, url = this.url): PoolWire {
    const miner = new PoolWire(url, options);
    this.#miners.push(miner);
    return miner;
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

  /** Starts a further server; on PostgreSQL it shares the stage's state. */
  async another(env: Settings = {}): Promise<TestServer> {
    const server = await startServer({
      services: this.options.services ?? ['pool'],
      env: {
        ADMIN_API_KEY: ADMIN,
        BLINDPOST_SECRET: SECRET,
        ...(this.#url === undefined ? {} : { DATABASE_URL: this.#url }),
        ...this.options.env,
        ...env,
      },
    });
    this.#servers.push(server);
    return server;
  }

  /** Ends the first server, by SIGKILL unless told otherwise, and starts it again on its data. */
  async restart(how: 'kill' | 'stop' = 'kill', env: Settings = {}): Promise<void> {
    const [old, ...others] = this.#servers.splice(0);
    await (how === 'kill' ? old?.kill() : old?.stop());
    await this.another({ DATA_DIR: this.#directory, ...env });
    this.#servers.push(...others);
  }

  async open(): Promise<void> {
    this.#directory = await temporaryDirectory('pool');
    if (this.database === 'postgres') this.#url = await (await sharedPostgres()).freshDatabase();
    await this.another({ DATA_DIR: this.#directory });
  }

  async shut(): Promise<void> {
    for (const miner of this.#miners) miner.end();
    await Promise.all(this.#servers.map((server) => server.stop()));
    removeDirectory(this.#directory);
  }
}

let postgres: Promise<PostgresServer> | undefined;

/** One for all suites of a file; the testbed ends it with this process. */
function sharedPostgres(): Promise<PostgresServer> {
  postgres ??= startPostgres();
  return postgres;
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
  const missing = await postgresMissing();
  for (const database of options.databases ?? ['sqlite', 'postgres']) {
    describe(`${title} (${database})`, { skip: database === 'postgres' ? missing : false }, () => {
      const stage = new Stage(database, options);
      before(() => stage.open());
      after(() => stage.shut());
      define(stage);
    });
  }
}

/** What must be there. */
export function given<T>(value: T | undefined): T {
  assert.ok(value !== undefined, 'a value');
  return value;
}
