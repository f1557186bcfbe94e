import { RESP_TYPES } from '@redis/client';
import { type Clock, systemClock } from '../clock.js';
import { isFunctionMissing, isOutOfMemory } from './failure.js';
import { type RedisClient, RedisLink } from './link.js';
import { checkRequirements } from './requirements.js';

/**
 * A library of Redis functions: Lua that begins with `#!lua name=<name>`. Functions that only free memory
 * need the flag `allow-oom`, or a full Redis refuses them.
 */
export type RedisLibrary = { code: string };

export type RedisArgument = string | Buffer;

export interface RedisConnectionOptions {
  url: string;
  /** Loaded at every connect, because a restarted Redis has lost them. */
  libraries?: readonly RedisLibrary[];
  /** Told what the operator should know; default: nobody. */
  warn?(message: string): void;
  clock?: Clock;
  /** See {@link RedisLink}; for tests. */
  beatMs?: number;
}

const BINARY = { typeMapping: { [RESP_TYPES.BLOB_STRING]: Buffer } };

/**
 * The server's connection to one Redis (7.0 or newer), for any number of adapters. Commands fail at once
 * while it is down, and within about 5 s when the server hangs. All methods reject with `Unavailable` when
 * the server does not answer; error replies reject as they are (see `isOutOfMemory`).
 *
 * The keys of one call must share a hash tag `{…}`, so that Redis Cluster can serve it.
 */
export class RedisConnection {
  readonly #link: RedisLink;
  readonly #options: RedisConnectionOptions;
  #loading: Promise<void> | null = null;

  private constructor(link: RedisLink, options: RedisConnectionOptions) {
    this.#link = link;
    this.#options = options;
  }

  /** @throws Unavailable when the server is not reached; RedisRefused when it must not be used. */
  static async open(options: RedisConnectionOptions): Promise<RedisConnection> {
    const warn = onceEach(options.warn);
    const link = await RedisLink.open({
      ...linkOptions(options),
      async prepare(client) {
        await checkRequirements(client, warn);
        await load(client, options.libraries).catch((error: unknown) => {
          // A full Redis refuses to load, but has the library unless it was restarted, and then it is empty.
          if (!isOutOfMemory(error)) throw error;
        });
      },
    });
    return new RedisConnection(link, options);
  }

  /** Calls a function of one of the libraries (FCALL); bulk strings in the reply are strings. */
  call(fn: string, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    return this.#call(['FCALL', fn, String(keys.length), ...keys, ...args], false);
  }

  /** As `call`, but bulk strings in the reply are Buffers. */
  callBinary(fn: string, keys: readonly string[], args: readonly RedisArgument[]): Promise<unknown> {
    return this.#call(['FCALL', fn, String(keys.length), ...keys, ...args], true);
  }

  /** Sends any one command that neither blocks nor subscribes; bulk strings in the reply are strings. */
  send(command: readonly RedisArgument[]): Promise<unknown> {
    return this.#link.use((client) => client.sendCommand<unknown>(command));
  }

  /** A second connection of its own, for pub/sub; `onUp` is called whenever it is up, the first time too. */
  duplicate(onUp: () => void): Promise<RedisLink> {
    return RedisLink.open({ ...linkOptions(this.#options), onUp });
  }

  /** Whether the server is connected and answered the last ping. */
  healthy(): boolean {
    return this.#link.healthy();
  }

  /** Ends the connection; what is under way rejects. */
  close(): Promise<void> {
    return this.#link.close();
  }

  async #call(command: readonly RedisArgument[], binary: boolean): Promise<unknown> {
    const run = (client: RedisClient) => client.sendCommand<unknown>(command, binary ? BINARY : undefined);
    try {
      return await this.#link.use(run);
    } catch (error) {
      if (!isFunctionMissing(error)) throw error;
      // Lost without a dropped connection: a FUNCTION FLUSH, or a failover behind a proxy.
      await this.#reload();
      return this.#link.use(run);
    }
  }

  /** Many calls may find the libraries gone at the same time; they are loaded once. */
  #reload(): Promise<void> {
    this.#loading ??= this.#link
      .use((client) => load(client, this.#options.libraries))
      .finally(() => {
        this.#loading = null;
      });
    return this.#loading;
  }
}

async function load(client: RedisClient, libraries: readonly RedisLibrary[] = []): Promise<void> {
  for (const { code } of libraries) await client.functionLoad(code, { REPLACE: true });
}

function linkOptions(options: RedisConnectionOptions) {
  const { url, clock = systemClock, warn = () => undefined, beatMs } = options;
  return { url, clock, warn, ...(beatMs === undefined ? {} : { beatMs }) };
}

/** Reconnecting repeats the checks, but not their warnings. */
function onceEach(warn: (message: string) => void = () => undefined): (message: string) => void {
  const said = new Set<string>();
  return (message) => {
    if (said.has(message)) return;
    said.add(message);
    warn(message);
  };
}
