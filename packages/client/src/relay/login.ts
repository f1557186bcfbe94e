import { signedText } from '@blindpost/protocol/relay';
import type { Endpoint } from '../http/endpoint.js';
import type { JsonRecord } from '../json/record.js';
import { work } from '../work/work.js';
import { isHash } from './answers.js';
import { ERRORS } from './errors.js';
import type { Identity } from './identity.js';

/**
 * Makes the frames that log an identity in: by session token while there is one, else by work and a signature.
 * The signature is always given, because work alone admits only to names that nobody owns.
 */
export class Login {
  readonly #identity: Identity;
  #token: string | undefined;

  constructor(identity: Identity) {
    this.#identity = identity;
  }

  /** Whether the next login goes by token. */
  get remembered(): boolean {
    return this.#token !== undefined;
  }

  /** The `auth` frame for this address; rejects like {@link work}. */
  async frame(endpoint: Endpoint, signal: AbortSignal): Promise<JsonRecord> {
    const { hash, publicKey } = this.#identity;
    if (this.#token !== undefined) return { type: 'auth', identity_hash: hash, session_token: this.#token };
    const { seed, nonce } = await work(
      endpoint,
      { type: 'auth', context: hash, identityHash: hash },
      { errors: ERRORS, signal },
    );
    return {
      type: 'auth',
      identity_hash: hash,
      seed,
      nonce,
      identityKey: publicKey,
      signature: this.#identity.sign(signedText.auth(endpoint.host, seed, hash)),
    };
  }

  /** Reads `auth_success`; false when it is not about this identity. The token stays in memory only. */
  accepted(frame: JsonRecord): boolean {
    if (frame.identity_hash !== this.#identity.hash) return false;
    this.#token = isHash(frame.session_token) ? frame.session_token : undefined;
    return true;
  }

  forget(): void {
    this.#token = undefined;
  }
}
