import type { EntityIdentity, EntityIdentityOptions } from '../identity/index.js';

export type IdentityOptions = Omit<EntityIdentityOptions, 'apiUrl'>;

/** The SDK of entity identity, loaded when it is asked for: it carries a prover. */
export class IdentityService {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  async open(options: IdentityOptions = {}): Promise<EntityIdentity> {
    const { EntityIdentity } = await import('../identity/index.js');
    return new EntityIdentity({ ...options, apiUrl: this.#url });
  }
}
