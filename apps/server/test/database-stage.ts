/** What the stages of the durable services share: servers on SQLite or on one PostgreSQL, and their end. */
import { after, before, describe } from 'node:test';
import { type Databases, postgresMissing, sharedPostgres } from '@blindpost/testbed/postgres';
import { removeDirectory, temporaryDirectory } from '@blindpost/testbed/process';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import type { Settings } from './relay/stage.js';
import { standing } from './stand.js';

export type DatabaseName = 'sqlite' | 'postgres';

export interface DatabaseStageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  services: readonly string[];
  /**
   * Under which name a run keeps servers like these for all suites. Such a suite has accounts of its own and
   * nothing else: it sees addresses, never processes. Default: the stage starts its servers.
   */
  standing?: string | undefined;
}

export const ADMIN = 'an-admin-key-of-more-than-32-characters-000';
/** Servers that share a database, and a server that is started again, need one secret. */
export const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

export class DatabaseStage {
  readonly #clients: { end(): void }[] = [];
  readonly #servers: TestServer[] = [];
  readonly #options: DatabaseStageOptions;
  #directory = '';
  #database: string | undefined;
  #urls: readonly string[] | null = null;

  constructor(
    readonly database: DatabaseName,
    options: DatabaseStageOptions,
  ) {
    this.#options = options;
  }

  /** The first server; another one after `restart`. */
  get server(): TestServer {
    this.#assertOwn();
    const [server] = this.#servers;
    if (server === undefined) throw new Error('the stage is not open');
    return server;
  }
  /** Where the servers listen, in the order of their start. */
  get urls(): readonly string[] {
    return this.#urls ?? this.#servers.map(({ url }) => url);
  }
  get url(): string {
    const [url] = this.urls;
    if (url === undefined) throw new Error('the stage is not open');
    return url;
  }

  /** Has the client's connections broken when the stage is shut. */
  protected keep<C extends { end(): void }>(client: C): C {
    this.#clients.push(client);
    return client;
  }

  /** Starts a further server; on PostgreSQL it shares the stage's state. */
  async another(env: Settings = {}): Promise<TestServer> {
    this.#assertOwn();
    return this.#start(env);
  }

  async #start(env: Settings): Promise<TestServer> {
    const server = await startServer({
      services: this.#options.services,
      env: {
        ADMIN_API_KEY: ADMIN,
        BLINDPOST_SECRET: SECRET,
        ...(this.#database === undefined ? {} : { DATABASE_URL: this.#database }),
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

  /** @param servers how many */
  async open(servers = 1): Promise<void> {
    this.#urls = standing(this.#options.standing, servers);
    if (this.#urls !== null) return;
    this.#directory = await temporaryDirectory('stage');
    if (this.database === 'postgres') this.#database = await (await databases()).freshDatabase();
    await this.#start({ DATA_DIR: this.#directory });
    for (let further = 1; further < servers; further += 1) await this.#start({});
  }

  async shut(): Promise<void> {
    for (const client of this.#clients) client.end();
    await Promise.all(this.#servers.map((server) => server.stop()));
    if (this.#directory !== '') removeDirectory(this.#directory);
  }

  #assertOwn(): void {
    if (this.#options.standing !== undefined)
      throw new Error('a suite that needs the process asks for `own`');
  }
}

let postgres: Promise<Databases> | undefined;

/** One server for all suites of a file; the testbed ends it with this process, unless it is the run's. */
function databases(): Promise<Databases> {
  postgres ??= sharedPostgres();
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
