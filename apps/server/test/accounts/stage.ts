/** One server with accounts (or several on one PostgreSQL) for a suite, run once on each database. */
import { after, before, describe } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { type AccountOptions, makeAccount, type TestAccount } from '@blindpost/testbed/wire-account';
import { type WireAnswer, type WireRequest, wireRequest } from '@blindpost/testbed/wire-http';
import type { Settings } from '../relay/stage.js';

export { eventually, SCALE, type Settings } from '../relay/stage.js';

export type DatabaseName = 'sqlite' | 'postgres';

export interface StageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  /** Default: both. */
  databases?: readonly DatabaseName[];
}

/** Servers that share a database, and a server that is started again, need one secret. */
export const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

export class Stage {
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

  /** A new account, logged in. */
  account(options: AccountOptions = {}): Promise<TestAccount> {
    return makeAccount(this.url, options);
  }

  post(path: string, body: unknown, options: WireRequest = {}): Promise<WireAnswer> {
    const headers = { 'content-type': 'application/json', ...options.headers };
    return this.request(path, { method: 'POST', body: JSON.stringify(body), ...options, headers });
  }

  request(path: string, options: WireRequest = {}): Promise<WireAnswer> {
    return wireRequest(`${this.url}/api/accounts${path}`, options);
  }

  /** Ends the token, or all of its account. */
  revoke(token: string, all?: boolean, url = this.url): Promise<WireAnswer> {
    const authorization = `Bearer ${token}`;
    const body = all === undefined ? {} : { body: JSON.stringify({ all }) };
    const headers = { authorization, ...(all === undefined ? {} : { 'content-type': 'application/json' }) };
    return wireRequest(`${url}/api/accounts/revoke`, { method: 'POST', headers, ...body });
  }

  /** Erases the account. */
  erase(token: string, url = this.url): Promise<WireAnswer> {
    const headers = { authorization: `Bearer ${token}` };
    return wireRequest(`${url}/api/accounts/me`, { method: 'DELETE', headers });
  }

  /**
   * What a request with this token meets, without ending it: a body that no token lets pass is looked at only
   * behind the token, and is 400 there.
   */
  probe(token: string, url = this.url): Promise<WireAnswer> {
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    return wireRequest(`${url}/api/accounts/revoke`, { method: 'POST', headers, body: '{"all":1}' });
  }

  /** Whether the token holds. */
  async holds(token: string, url = this.url): Promise<boolean> {
    const answer = await this.probe(token, url);
    if (answer.status !== 400 && answer.status !== 401) throw new Error(String(answer));
    return answer.status === 400;
  }

  /** Starts a further server; on PostgreSQL it shares the stage's state. */
  async another(env: Settings = {}): Promise<TestServer> {
    const server = await startServer({
      services: ['e2ee'],
      env: {
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
    this.#directory = await temporaryDirectory('accounts');
    if (this.database === 'postgres') this.#url = await (await sharedPostgres()).freshDatabase();
    await this.another({ DATA_DIR: this.#directory });
  }

  async shut(): Promise<void> {
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

/** Defines the suite once per database, each on a stage of its own. */
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
