import { isOutOfMemory } from '../../../../platform/redis/failure.js';
import { Unavailable } from '../../../../platform/unavailable.js';

/** What the store needs of a connection to Redis; all methods reject with `Unavailable` while it is down. */
export interface Connection {
  call(fn: string, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<unknown>;
  callBinary(fn: string, keys: readonly string[], args: readonly (string | Buffer)[]): Promise<unknown>;
  send(command: readonly (string | Buffer)[]): Promise<unknown>;
  healthy(): boolean;
}

export type Argument = string | number | boolean;

/** Calls the functions of the library with plain arguments. */
export class Functions {
  constructor(private readonly connection: Connection) {}

  /** @throws Unavailable also when Redis has no memory left for this verb */
  async call(fn: string, keys: readonly string[], ...args: readonly Argument[]): Promise<unknown> {
    try {
      return await this.connection.call(fn, keys, args.map(encode));
    } catch (error) {
      throw isOutOfMemory(error) ? new Unavailable('Redis', error) : error;
    }
  }
}

/** Booleans are '1' and '0' to the functions. */
export function encode(argument: Argument): string {
  return typeof argument === 'boolean' ? String(Number(argument)) : String(argument);
}
