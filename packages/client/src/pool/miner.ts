import { Solver, SolverError, type SolverOptions, type TrackSolution } from '@blindpost/pow/solver';
import type { PoolChallenge, SubmitAnswer } from '@blindpost/protocol/pool';
import { Backoff } from '../retry/backoff.js';
import { insist } from '../retry/insist.js';
import { sleep } from '../retry/sleep.js';
import { localError, PoolError } from './errors.js';
import { type PoolAccess, PoolHttp, type Proof } from './http.js';
import { RateMeter } from './meter.js';
import { PoolSocket } from './socket.js';
import type { MinerState, MinerStatus } from './state.js';
import { RoundWatch } from './watch.js';

export interface MinerOptions extends PoolAccess, SolverOptions {
  /** What there is to show, whenever it changes, and up to four times a second while mining. */
  onState?: (state: MinerState) => void;
  /** What the miner goes on after. */
  onError?: (error: Error) => void;
}

const REPORT_MS = 10_000;
/** Refusals that end the work on a round and nothing else. */
const ROUND_OVER: ReadonlySet<string> = new Set(['unknown_round', 'lock_mismatch', 'duplicate_nonce']);

/** Works for the pool: asks for a round, searches, submits, again and again until it is stopped. */
export class Miner {
  readonly #options: MinerOptions;
  readonly #http: PoolHttp;
  readonly #socket: PoolSocket;
  readonly #solver: Solver;
  readonly #watch: RoundWatch;
  readonly #meter = new RateMeter();
  readonly #stop = new AbortController();
  /** Waits after what should not happen, so that a confused pool is not asked without end. */
  readonly #setbacks = new Backoff();
  #status: MinerStatus = 'asking';
  #challenge: PoolChallenge | undefined;
  #attempts = 0;
  #wins = 0;
  #lastPayoutMicro: number | undefined;
  #balanceMicro: number | undefined;

  /** @throws TypeError for a bad address or token, RangeError for bad `workers` or `throttle` */
  constructor(options: MinerOptions) {
    this.#options = options;
    this.#http = new PoolHttp(options);
    this.#solver = new Solver(options);
    this.#watch = new RoundWatch(this.#http, {
      signal: this.#stop.signal,
      connected: () => this.#socket.state === 'open',
      failed: (error) => this.#failed(error),
    });
    this.#socket = new PoolSocket(options, {
      secret: ({ secret }) => {
        this.#http.secret = secret;
      },
      roundSolved: ({ round_id }) => this.#watch.solved(round_id),
      state: (state) => {
        // While there was no connection the round may have ended unheard.
        if (state === 'open') void this.#watch.look();
        this.#show();
      },
      failed: (error) => this.#failed(error),
    });
  }

  get state(): MinerState {
    return {
      status: this.#solver.paused && this.#status !== 'stopped' ? 'paused' : this.#status,
      socket: this.#socket.state,
      track: this.#challenge?.track,
      round: this.#challenge?.round_id,
      rate: this.#solver.paused ? 0 : this.#meter.rate,
      attempts: this.#attempts,
      wins: this.#wins,
      lastPayoutMicro: this.#lastPayoutMicro,
      balanceMicro: this.#balanceMicro,
    };
  }

  /** Mines until `stop`; rejects with a PoolError when the pool does not want this miner at all. Once only. */
  async run(): Promise<void> {
    const { signal } = this.#stop;
    const report = setInterval(() => this.#report(), REPORT_MS);
    try {
      this.#watch.start();
      void this.#socket.open();
      void this.#askBalance();
      while (!signal.aborted) await this.#round();
    } catch (error) {
      if (!signal.aborted) throw error;
    } finally {
      clearInterval(report);
      this.stop();
    }
  }

  /** Ends for good; what is searched or submitted is dropped at once. */
  stop(): void {
    if (this.#stop.signal.aborted) return;
    this.#stop.abort();
    this.#watch.close();
    this.#solver.close();
    this.#socket.close();
    this.#enter('stopped');
  }

  pause(): void {
    this.#solver.pause();
    this.#show();
  }

  resume(): void {
    this.#meter.reset();
    this.#solver.resume();
    this.#show();
  }

  /** Percent of a core per worker, 1 to 100. */
  throttle(percent: number): void {
    this.#solver.throttle(percent);
  }

  async #round(): Promise<void> {
    this.#enter('asking');
    const challenge = await this.#insist(() => this.#http.challenge(this.#stop.signal));
    if (challenge.track !== this.#challenge?.track) this.#meter.reset();
    this.#challenge = challenge;
    this.#enter('mining');
    const solution = await this.#search(challenge);
    if (solution === undefined) return;
    this.#enter('submitting');
    const { track, round_id } = challenge;
    await this.#submit({ track, round_id, nonce: solution.nonce });
  }

  /** A nonce, or undefined when the round ended before there was one. */
  async #search({ track, round_id, params }: PoolChallenge): Promise<TrackSolution | undefined> {
    const over = this.#watch.begin(round_id);
    let counted = 0;
    const onProgress = (attempts: number) => {
      this.#count(attempts - counted);
      counted = attempts;
      this.#show();
    };
    try {
      const solution = await this.#solver.solve(track, params, { signal: over, onProgress });
      this.#count(solution.attempts - counted);
      return solution;
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      if (over.aborted) return undefined;
      // A round that this machine cannot work on: others may, and then there is another one.
      if (!(error instanceof SolverError) || (error.code !== 'refused' && error.code !== 'failed'))
        throw error;
      await this.#setback(error);
      return undefined;
    } finally {
      this.#watch.end();
    }
  }

  /** Submits until there is an answer, through restarts of the server: a win is answered again as a win. */
  async #submit(proof: Proof): Promise<void> {
    let answer: SubmitAnswer;
    try {
      answer = await this.#insist(async () => {
        try {
          return await this.#http.submit(proof, this.#stop.signal);
        } catch (error) {
          if (error instanceof PoolError && error.code === 'bad_secret') this.#renewSecret();
          throw error;
        }
      });
    } catch (error) {
      this.#stop.signal.throwIfAborted();
      if (!(error instanceof PoolError) || !ROUND_OVER.has(error.code)) throw error;
      return this.#setback(error);
    }
    if (answer.status === 'invalid')
      return this.#setback(localError('invalid_proof', { reason: answer.reason }));
    this.#setbacks.reset();
    if (answer.status !== 'win') return;
    this.#wins += 1;
    this.#lastPayoutMicro = answer.payout_micro;
    void this.#askBalance();
  }

  /** The secret comes by the socket alone; one that another socket of this miner replaced will not come again. */
  #renewSecret(): void {
    if (this.#socket.state === 'kicked') throw localError('kicked');
    if (this.#socket.state === 'open') this.#socket.reset();
  }

  async #askBalance(): Promise<void> {
    const { signal } = this.#stop;
    try {
      const balance = await insist(() => this.#http.balance(signal), { signal });
      this.#balanceMicro = balance.pending_balance_micro;
      this.#show();
    } catch (error) {
      // The miner's own requests will meet the same refusal; there it is dealt with.
      if (!signal.aborted && error instanceof PoolError) this.#failed(error);
    }
  }

  #insist<T>(operation: () => Promise<T>): Promise<T> {
    const status = this.#status;
    const { signal } = this.#stop;
    const again = async () => {
      this.#enter(status);
      return operation();
    };
    const failed = (error: Error) => {
      this.#failed(error);
      this.#enter('waiting');
    };
    return insist(again, { signal, failed });
  }

  async #setback(error: Error): Promise<void> {
    this.#failed(error);
    this.#enter('waiting');
    await sleep(this.#setbacks.next(), this.#stop.signal);
  }

  #report(): void {
    if (this.#challenge !== undefined) this.#socket.report(this.state.rate, this.#challenge.track);
  }

  #count(attempts: number): void {
    this.#attempts += attempts;
    this.#meter.add(attempts);
  }

  #failed(error: Error): void {
    if (!this.#stop.signal.aborted) this.#options.onError?.(error);
  }

  #enter(status: MinerStatus): void {
    if (this.#status === status) return;
    this.#status = status;
    this.#show();
  }

  #show(): void {
    this.#options.onState?.(this.state);
  }
}
