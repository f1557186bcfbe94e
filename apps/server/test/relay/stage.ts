/** One server (or several on one Redis) for a suite, run once on each store. */
import { after, before, describe } from 'node:test';
import { type ProxyOptions, type RecordingProxy, startProxy } from '@blindpost/testbed/proxy';
import { type RedisServer, redisMissing, startRedis } from '@blindpost/testbed/redis';
import { startServer, type TestServer } from '@blindpost/testbed/server';
import { Wire } from '@blindpost/testbed/wire';
import { standing } from '../stand.js';

export type StoreName = 'memory' | 'redis';
export type Settings = Readonly<Record<string, string | undefined>>;

export interface StageOptions {
  /** Settings of every server of the stage. */
  env?: Settings;
  /** Default: both. */
  stores?: readonly StoreName[];
  /** A server that no other suite uses; so is every suite with settings. Default: that of the run. */
  own?: boolean;
  /** Cases that run at the same time; default 8. Use 1 where cases share a budget. */
  concurrency?: number;
}

/** Share of the counts that a rule names, such as "1,000 times"; 1 in the long run. */
export const SCALE = Number(process.env.TEST_SCALE ?? 0.05);

/** Servers that share one store need one secret. */
const SECRET = 'a-secret-for-tests-that-is-long-enough-0123456789';

export class Stage {
  readonly #clients: Wire[] = [];
  readonly #servers: TestServer[] = [];
  readonly #proxies: RecordingProxy[] = [];
  #redis: RedisServer | undefined;
  #wire: Wire | undefined;
  #url: string | undefined;

  constructor(
    readonly store: StoreName,
    readonly env: Settings,
    readonly own: boolean,
  ) {}

  /** The first server. */
  get server(): TestServer {
    this.#assertOwn();
    return given(this.#servers[0]);
  }
  get url(): string {
    return given(this.#url);
  }
  /** Where it listens. */
  get urls(): readonly string[] {
    return [this.url];
  }
  /** A client at 127.0.0.1 that the cases share. */
  get wire(): Wire {
    return given(this.#wire);
  }
  get redis(): RedisServer {
    this.#assertOwn();
    return given(this.#redis);
  }

  /** Another client of the first server, or of the one at `url`. */
  client(from?: string, url = this.url): Wire {
    const client = new Wire(url, from);
    this.#clients.push(client);
    return client;
  }

  /** Starts a further server; on Redis it shares the stage's state. */
  async another(env: Settings = {}): Promise<TestServer> {
    this.#assertOwn();
    return this.#start(env);
  }

  async #start(env: Settings = {}): Promise<TestServer> {
    const redis =
      this.#redis === undefined ? {} : { RELAY_REDIS_URL: this.#redis.url, BLINDPOST_SECRET: SECRET };
    const server = await startServer({ env: { ...redis, ...this.env, ...env } });
    this.#servers.push(server);
    return server;
  }

  /** A proxy in front of the first server, or of `host:port`. */
  async proxy(target = new URL(this.url).host, options: ProxyOptions = {}): Promise<RecordingProxy> {
    const proxy = await startProxy(target, options);
    this.#proxies.push(proxy);
    return proxy;
  }

  async open(): Promise<void> {
    const kept = this.own ? null : standing(`relay on ${this.store}`);
    if (kept === null && this.store === 'redis') this.#redis = await startRedis();
    this.#url = kept === null ? (await this.#start()).url : kept[0];
    this.#wire = this.client();
  }

  async shut(): Promise<void> {
    for (const client of this.#clients) client.end();
    await Promise.all(this.#proxies.map((proxy) => proxy.stop()));
    await Promise.all(this.#servers.map((server) => server.stop()));
    await this.#redis?.stop();
  }

  #assertOwn(): void {
    if (!this.own) throw new Error('a suite that needs the process asks for `own`');
  }
}

/** Defines the suite once per store, each on a stage of its own. */
export async function onEveryStore(
  title: string,
  define: (stage: Stage) => void,
  options: StageOptions = {},
): Promise<void> {
  const missing = await redisMissing();
  for (const store of options.stores ?? ['memory', 'redis']) {
    const skip = store === 'redis' ? missing : false;
    describe(`${title} (${store})`, { skip, concurrency: options.concurrency ?? 8 }, () => {
      const { env, own = env !== undefined } = options;
      const stage = new Stage(store, env ?? {}, own);
      before(() => stage.open());
      after(() => stage.shut());
      define(stage);
    });
  }
}

/** What must be there by now. */
function given<T>(value: T | undefined | null): T {
  if (value === undefined || value === null)
    throw new Error('the stage is not open, or the value is missing');
  return value;
}

/** Waits until the answer is true, asking again every 20 ms; fails with `what` after 20 s. */
export async function eventually(what: string, ask: () => boolean | Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 20_000; !(await ask()); ) {
    if (Date.now() > deadline) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
