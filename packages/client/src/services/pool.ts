import type { Miner, MinerOptions, PoolHttp } from '../pool/index.js';

/** Everything but the address; without a token there is a new miner. */
export type PoolOptions = Omit<MinerOptions, 'url' | 'token'> & { token?: string };

/** The pool's SDK, loaded when it is asked for. */
export class PoolService {
  readonly #url: string;

  constructor(url: string) {
    this.#url = url;
  }

  /** A token: whoever has it has the miner's balance. */
  async newToken(): Promise<string> {
    const { newMinerToken } = await import('../pool/index.js');
    return newMinerToken();
  }

  /** A miner that begins with `run()`. */
  async miner({ token, ...options }: PoolOptions = {}): Promise<Miner> {
    const { Miner, newMinerToken } = await import('../pool/index.js');
    return new Miner({ ...options, url: this.#url, token: token ?? newMinerToken() });
  }

  /** Balance, withdrawals and history of a miner. */
  async account(token: string): Promise<PoolHttp> {
    const { PoolHttp } = await import('../pool/index.js');
    return new PoolHttp({ url: this.#url, token });
  }
}
