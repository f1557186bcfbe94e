import { createHash, createHmac } from 'node:crypto';
import { MINER_TOKEN } from '@blindpost/protocol/pool';
import type { Miner } from './miner.js';

/** Makes miners of tokens and addresses; neither can be read back from what is stored. */
export class Identities {
  readonly #key: Buffer;

  /** @param key blinds addresses: an HMAC, because all of IPv4 is quickly tried against a plain hash */
  constructor(key: Buffer) {
    this.#key = key;
  }

  /** Null when the text is no token. A token holds 256 random bits, so that a plain hash blinds it. */
  byToken(token: string, address: string): Miner | null {
    if (!MINER_TOKEN.test(token)) return null;
    return named(createHash('sha256').update(token).digest(), address);
  }

  byAddress(address: string): Miner {
    return named(this.blindAddress(address), address);
  }

  /** 32 bytes under which the store counts what one address holds. */
  blindAddress(address: string): Buffer {
    return createHmac('sha256', this.#key).update(address).digest();
  }
}

function named(id: Buffer, address: string): Miner {
  return { id, name: id.toString('hex'), address };
}
