import type { AccountKey, AccountLogin } from '../accounts/index.js';
import type { E2eeClient, E2eeClientOptions } from '../e2ee/index.js';

/** Everything but address and tokens; without a key there is a new account. */
export type E2eeOptions = Omit<E2eeClientOptions, 'url' | 'tokens'> & { key?: AccountKey };

/** An account and its open client. */
export interface E2eeMember {
  readonly accountId: string;
  readonly key: AccountKey;
  readonly login: AccountLogin;
  readonly client: E2eeClient;
}

/** The SDK of accounts and of the e2ee transport, loaded when it is asked for. */
export class E2eeService {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** Registers the key's account, where that is not done yet, and connects. */
  async open({ key: given, ...options }: E2eeOptions = {}): Promise<E2eeMember> {
    const [accounts, { E2eeClient }] = await Promise.all([
      import('../accounts/index.js'),
      import('../e2ee/index.js'),
    ]);
    const url = this.#url;
    const key = given ?? accounts.AccountKey.create();
    const accountId = await accounts.register({ url, key });
    const login = new accounts.AccountLogin({ url, accountId, key });
    const client = new E2eeClient({ ...options, url, tokens: login });
    await client.open();
    return { accountId, key, login, client };
  }
}
