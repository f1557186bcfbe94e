import type { ProverErrorCode } from './error.js';
import type { Progress } from './progress.js';
import type { ProofResult } from './proof.js';

/** What a prover tells its worker: first once what to prove with, then what to prove. */
export type Order =
  | { type: 'load'; wasm: Uint8Array; zkey: Uint8Array; threads: 'all' | 'one' }
  | { type: 'prove'; job: number; inputs: Record<string, string | string[]> };

/** What the worker answers; `job` is that of the order. */
export type Report =
  | { type: 'progress'; job: number; progress: Progress }
  | { type: 'proved'; job: number; result: ProofResult }
  | { type: 'failed'; job: number; code: ProverErrorCode; message: string; field?: string };
