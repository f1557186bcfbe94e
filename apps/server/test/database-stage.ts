/** What the stages of the durable services share: servers on SQLite or on one PostgreSQL, and their end. */
import { after, before, describe } from 'node:test';
import { type PostgresServer, postgresMissing, startPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import type { Settings } from './relay/stage.js';

export type DatabaseName = 'sqlite' | 'postgres';

export interface DatabaseStageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  services: readonly string[];
}

export const ADMIN = 'an-admin-key-of-more-than-32-characters-000';
/** Servers that share a database, and a server that is started again, need one secret. */
export const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

export class DatabaseStage {
  readonly #clients: { end(): void }[] = [];
  readonly #servers: TestServer[] = [];
  readonly #options: DatabaseStageOptions;
  #directory = '';
  #url: string | undefined;

  constructor(
    readonly database: DatabaseName,
    options: DatabaseStageOptions,
  ) {
    this.#options = options;
  }

  /** The first server; another one after `restart`. */
  get server(): TestServer {
    const [server] = this.#servers;
    if (server === undefined) throw new Error('the stage is not open');
    return server;
  }
  get servers(): readonly TestServer[] {
    return this.#servers;
  }
  get url(): string {
    return this.server.url;
  }

  /** Has the client's connections broken when the stage is shut. */
  protected keep<C extends { end(): void }>(client: C): C {
    this.#clients.push(client);
    return client;
  }

  /** Starts a further server; on PostgreSQL it shares the stage's state. */
  async another(env: Settings = {}): Promise<TestServer> {
    const server = await startServer({
      services: this.#options.services,
      env: {
        ADMIN_API_KEY: ADMIN,
        BLINDPOST_SECRET: SECRET,
        ...(this.#url === undefined ? {} : { DATABASE_URL: this.#url }),
        ...this.#options.env,
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
    this.#directory = await temporaryDirectory('stage');
    if (this.database === 'postgres') this.#url = await (await sharedPostgres()).freshDatabase();
    await this.another({ DATA_DIR: this.#directory });
  }

  async shut(): Promise<void> {
    for (const client of this.#clients) client.end();
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

/** Defines a suite once for each stage, named by it. Cases run one after the other. */
export async function onStages<S extends DatabaseStage>(
  title: string,
  stages: ReadonlyMap<string, () => S>,
  define: (stage: S) => void,
): Promise<void> {
  const missing = await postgresMissing();
  for (const [name, make] of stages) {
    const stage = make();
    describe(`${title} (${name})`, { skip: stage.database === 'postgres' ? missing : false }, () => {
      before(() => stage.open());
      after(() => stage.shut());
      define(stage);
    });
  }
}
