import type {
  Balance,
  History,
  PoolChallenge,
  SubmitAnswer,
  TrackName,
  WithdrawAnswer,
  WithdrawCodeAnswer,
} from '@blindpost/protocol/pool';
import { bytesToHex, randomBytes } from '@noble/hashes/utils.js';
import { type Endpoint, endpoint } from '../http/endpoint.js';
import { exchange } from '../http/exchange.js';
import { insist } from '../retry/insist.js';
import {
  isBalance,
  isChallenge,
  isHistory,
  isSubmitAnswer,
  isWithdrawAnswer,
  isWithdrawCodeAnswer,
} from './answers.js';
import { ERRORS, localError } from './errors.js';
import { isMinerToken } from './token.js';

/** Where the routes of the pool lie, whatever else the server serves. */
export const POOL_FOLDER = 'pool/';

export interface PoolAccess {
  /** Address of the server. */
  url: string;
  /** Of `newMinerToken`. */
  token: string;
}

/** A nonce and the round it was found for. */
export interface Proof {
  track: TrackName;
  round_id: string;
  nonce: string;
}

export interface PaymentOptions {
  signal?: AbortSignal | undefined;
  /** At most 128 characters; a repeated call with the same key pays once. Made anew for each call by default. */
  idempotencyKey?: string;
}

/** Of a payment whose answer is not known: five tries take some seconds. */
const PAYMENT = { tries: 5, patienceMs: 30_000 };

/**
 * The pool's routes. Amounts are in micro, millionths of a unit. Every verb rejects with a PoolError: the
 * server's refusal, `unreachable` or `bad_answer`; or with the signal's reason.
 */
export class PoolHttp {
  /** Sent with every submit; the miner's socket brings it and renews it. */
  secret: string | undefined;
  readonly #endpoint: Endpoint;
  readonly #token: string;

  /** @throws TypeError when the address is not an http(s) URL or the token not one of `newMinerToken` */
  constructor({ url, token }: PoolAccess) {
    if (!isMinerToken(token)) throw new TypeError('not a token of a miner');
    this.#endpoint = endpoint(url, POOL_FOLDER);
    this.#token = token;
  }

  /** The round this miner is to work on: the same again until it is solved. */
  challenge(signal?: AbortSignal): Promise<PoolChallenge> {
    return this.#call('challenge', isChallenge, { signal });
  }

  /** A win is answered again as the same win, so that a submit without an answer may be repeated. */
  submit({ track, round_id, nonce }: Proof, signal?: AbortSignal): Promise<SubmitAnswer> {
    const headers = this.secret === undefined ? {} : { 'x-pow-secret': this.secret };
    return this.#call('submit', isSubmitAnswer, {
      body: { track, round_id, proof: { nonce } },
      headers,
      signal,
    });
  }

  balance(signal?: AbortSignal): Promise<Balance> {
    return this.#call('balance', isBalance, { signal });
  }

  /** Debits at once; the operator pays by hand. Repeated until answered, paid once. */
  withdraw(amountMicro: number, destination: string, options: PaymentOptions = {}): Promise<WithdrawAnswer> {
    return this.#pay('withdraw', isWithdrawAnswer, { amount_micro: amountMicro, destination }, options);
  }

  /**
   * Turns an amount, by default the whole balance, into a redemption code. With status `error` the code is the
   * miner's as well, only its delivery is late. Repeated until answered, paid once.
   */
  withdrawCode(amountMicro?: number, options: PaymentOptions = {}): Promise<WithdrawCodeAnswer> {
    const body = amountMicro === undefined ? {} : { amount_micro: amountMicro };
    return this.#pay('withdraw_code', isWithdrawCodeAnswer, body, options);
  }

  /** Redemptions, latest first. */
  history(signal?: AbortSignal): Promise<History> {
    return this.#call('withdraw_code/history', isHistory, { signal });
  }

  #pay<T>(
    path: string,
    guard: (answer: unknown) => answer is T,
    body: object,
    { signal, idempotencyKey = bytesToHex(randomBytes(16)) }: PaymentOptions,
  ): Promise<T> {
    const headers = { 'idempotency-key': idempotencyKey };
    return insist(() => this.#call(path, guard, { body, headers, signal }), { ...PAYMENT, signal });
  }

  async #call<T>(
    path: string,
    guard: (answer: unknown) => answer is T,
    request: { body?: object; headers?: Record<string, string>; signal?: AbortSignal | undefined },
  ): Promise<T> {
    const { body, signal } = request;
    const headers = { ...request.headers, authorization: `Bearer ${this.#token}` };
    const text = body === undefined ? undefined : JSON.stringify(body);
    const answer = await exchange(
      new URL(path, this.#endpoint.base),
      { headers, body: text, signal },
      ERRORS,
    );
    if (!guard(answer)) throw localError('bad_answer');
    return answer;
  }
}
