import { openThread } from '#prover-thread';
import { ProverError } from './error.js';
import { type CircuitInputs, readInputs } from './inputs.js';
import type { Report } from './orders.js';
import type { Progress } from './progress.js';
import type { ProofResult } from './proof.js';
import type { OpenThread, Thread } from './thread/thread.js';

/** What to prove with: contents of files, never their names. Check them against the manifest first. */
export interface ProverArtefacts {
  /** The witness program. */
  wasm: Uint8Array;
  /** The proving key. */
  zkey: Uint8Array;
}

export interface ProverOptions extends ProverArtefacts {
  /** `one` where a page's rules forbid the workers that snarkjs starts from `blob:`; default `all`, which is faster. */
  threads?: 'all' | 'one' | undefined;
}

export interface ProveOptions {
  /** Ends the worker at once, in the middle of whatever it computes; proving then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
}

interface Job {
  readonly id: number;
  readonly tell: (progress: Progress) => void;
  resolve(result: ProofResult): void;
  reject(reason: unknown): void;
}

/**
 * Makes Groth16 proofs in a worker of its own, one at a time. The worker starts with the first proof and stays warm
 * for the next; it keeps a Node process alive until `close`.
 */
export class Prover {
  readonly #options: ProverOptions;
  readonly #open: OpenThread;
  #thread: Thread | undefined;
  #job: Job | undefined;
  #jobs = 0;
  #closed = false;

  /** @param open starts a worker; for tests */
  constructor(options: ProverOptions, open: OpenThread = openThread) {
    this.#options = options;
    this.#open = open;
  }

  /**
   * Proves that the inputs satisfy the circuit. Rejects with a {@link ProverError}, or with the signal's reason.
   * Inputs are neither written nor logged; the worker that was given them lives on in memory until `close`.
   */
  prove(inputs: CircuitInputs, { signal, onProgress }: ProveOptions = {}): Promise<ProofResult> {
    return new Promise((resolve, reject) => {
      signal?.throwIfAborted();
      if (this.#closed) throw new ProverError('closed', 'the prover is closed');
      if (this.#job !== undefined) throw new ProverError('busy', 'the prover is at another proof');
      const read = readInputs(inputs);

      const abort = () => {
        this.#drop();
        this.#end((job) => job.reject(signal?.reason));
      };
      const leave = () => signal?.removeEventListener('abort', abort);
      this.#thread ??= this.#openThread();
      signal?.addEventListener('abort', abort, { once: true });
      this.#jobs += 1;
      this.#job = {
        id: this.#jobs,
        tell: onProgress ?? (() => {}),
        resolve(result) {
          leave();
          resolve(result);
        },
        reject(reason) {
          leave();
          reject(reason);
        },
      };
      this.#thread.order({ type: 'prove', job: this.#jobs, inputs: read });
    });
  }

  /** Ends the worker for good; a proof under way rejects with `closed`. */
  close(): void {
    this.#closed = true;
    this.#drop();
    this.#end((job) => job.reject(new ProverError('closed', 'the prover is closed')));
  }

  #openThread(): Thread {
    const { wasm, zkey, threads = 'all' } = this.#options;
    const thread = this.#open({
      report: (report) => this.#hear(report),
      died: (cause) => {
        this.#thread = undefined;
        const error = new ProverError('crashed', 'the worker of the prover died', undefined, { cause });
        this.#end((job) => job.reject(error));
      },
    });
    thread.order({ type: 'load', wasm, zkey, threads });
    return thread;
  }

  #hear(report: Report): void {
    const job = this.#job;
    if (job === undefined || report.job !== job.id) return;
    if (report.type === 'progress') job.tell(report.progress);
    else if (report.type === 'proved') this.#end(() => job.resolve(report.result));
    else this.#end(() => job.reject(new ProverError(report.code, report.message, report.field)));
  }

  #drop(): void {
    this.#thread?.terminate();
    this.#thread = undefined;
  }

  #end(settle: (job: Job) => void): void {
    const job = this.#job;
    if (job === undefined) return;
    this.#job = undefined;
    settle(job);
  }
}
