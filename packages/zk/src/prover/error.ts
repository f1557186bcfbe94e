/** Why there is no proof. */
export type ProverErrorCode =
  /** An input is missing, unknown or no field element; `field` names it. */
  | 'invalid_inputs'
  /** The inputs do not satisfy the circuit: what is to be proven is not so. `field` names the template that refused. */
  | 'unsatisfied'
  /** The witness program or the proving key cannot be used, or they do not belong together. */
  | 'invalid_artefacts'
  /** The prover is at another proof. */
  | 'busy'
  /** `close` was called. */
  | 'closed'
  /** The worker died, for want of memory as a rule. */
  | 'crashed';

/** What proving rejects with, unless its signal was aborted. Says nothing of the values of inputs. Branch on `code`. */
export class ProverError extends Error {
  override readonly name = 'ProverError';

  constructor(
    readonly code: ProverErrorCode,
    message: string,
    readonly field?: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}
