/** Why a search ended without a nonce. */
export type SolverErrorCode =
  /** The solver is at another search. */
  | 'busy'
  /** `close` was called. */
  | 'closed'
  /** The track refuses these parameters; `field` names the first bad one. */
  | 'refused'
  /** No thread can do it, for want of memory as a rule. */
  | 'failed'
  /** Threads died again and again. */
  | 'crashed';

/** What `solve` rejects with, unless its signal was aborted. Branch on `code`. */
export class SolverError extends Error {
  override readonly name = 'SolverError';

  constructor(
    readonly code: SolverErrorCode,
    message: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
