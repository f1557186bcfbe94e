import { accountText } from '@blindpost/protocol/accounts';
import { type Endpoint, endpoint } from '../http/endpoint.js';
import { exchange } from '../http/exchange.js';
import { insist } from '../retry/insist.js';
import { isChallenge, isToken } from './answers.js';
import { AccountError, ERRORS } from './errors.js';
import type { AccountKey } from './key.js';
import { ACCOUNTS, PATIENCE } from './register.js';
import { authorised, bearer, type TokenSource } from './token-source.js';

export interface AccountAccess {
  /** Address of the server. */
  url: string;
  /** Of `register`. */
  accountId: string;
  key: AccountKey;
}

interface Held {
  token: string;
  /** By the clock that never steps back, in milliseconds. */
  renewAt: number;
}

/** A token is renewed so long before it ends. */
const MARGIN_MS = 60_000;
/** Held so long in any case: with a clock that goes wrong every call would log in. */
const LEAST_MS = 60_000;

/**
 * Logs an account in by its key: a challenge of the server's, signed together with the host that was dialled.
 * Renews its token before that ends and after a refusal; whoever asks meanwhile shares one login. Every verb
 * rejects with an AccountError.
 */
export class AccountLogin implements TokenSource {
  readonly accountId: string;
  readonly #endpoint: Endpoint;
  readonly #key: AccountKey;
  #held: Held | undefined;
  #login: Promise<string> | undefined;

  /** @throws TypeError when the address is not an http(s) URL */
  constructor({ url, accountId, key }: AccountAccess) {
    this.accountId = accountId;
    this.#endpoint = endpoint(url);
    this.#key = key;
  }

  token(refused?: string): Promise<string> {
    const held = this.#held;
    if (held !== undefined && held.token !== refused && performance.now() < held.renewAt) {
      return Promise.resolve(held.token);
    }
    this.#login ??= insist(() => this.#logIn(), PATIENCE).finally(() => {
      this.#login = undefined;
    });
    return this.#login;
  }

  /** Ends the present token and its sockets; with `all` every token of the account, wherever it is in use. */
  async revoke({ all = false }: { all?: boolean } = {}): Promise<void> {
    const held = this.#held;
    if (all) {
      await insist(() => authorised(this, (headers) => this.#post('/revoke', { all }, headers)), PATIENCE);
    } else if (held !== undefined) {
      await insist(() => this.#post('/revoke', {}, bearer(held.token)), PATIENCE).catch(unlessGone);
    }
    if (all || this.#held === held) this.#held = undefined;
  }

  /** Erases the account: its keys, its queue, its sessions. There is no way back. */
  async deleteAccount(): Promise<void> {
    let lost = false;
    const erase = (headers: Record<string, string>) =>
      exchange(new URL(`${ACCOUNTS}/me`, this.#endpoint.base), { method: 'DELETE', headers }, ERRORS);
    const failed = () => {
      lost = true;
    };
    await insist(() => authorised(this, erase), { ...PATIENCE, failed }).catch((error: unknown) => {
      // An attempt without an answer may have erased the account, and what is erased cannot log in.
      if (lost) unlessGone(error);
      else throw error;
    });
    this.#held = undefined;
  }

  async #logIn(): Promise<string> {
    const { accountId } = this;
    const asked = await this.#post('/challenge', { accountId });
    if (!isChallenge(asked)) throw ERRORS.badAnswer();
    const { challenge } = asked;
    const signature = this.#key.sign(accountText.token(this.#endpoint.host, challenge, accountId));
    const answer = await this.#post('/token', { accountId, challenge, signature });
    if (!isToken(answer)) throw ERRORS.badAnswer();
    const left = Date.parse(answer.expiresAt) - Date.now() - MARGIN_MS;
    this.#held = { token: answer.token, renewAt: performance.now() + Math.max(left, LEAST_MS) };
    return answer.token;
  }

  #post(path: string, body: object, headers: Record<string, string> = {}): Promise<unknown> {
    const url = new URL(`${ACCOUNTS}${path}`, this.#endpoint.base);
    return exchange(url, { headers, body: JSON.stringify(body) }, ERRORS);
  }
}

/** A token that no longer holds is one that was to end. */
function unlessGone(error: unknown): void {
  if (!(error instanceof AccountError) || error.code !== 'unauthorized') throw error;
}
