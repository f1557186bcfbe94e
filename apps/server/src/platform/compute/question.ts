/** What the thread of a job is told: where the job is found and what it is given. */
export interface Question {
  readonly module: string;
  readonly name: string;
  readonly input: unknown;
}

/** What it says: that it runs the job's own code from now on, then what came of it. */
export type Told = { readonly kind: 'began' } | Answer;

export type Answer = {
  readonly kind: 'answer';
  readonly outcome: { ok: true; value: unknown } | { ok: false; error: Error };
  /** Whether the thread shall be ended. */
  readonly retire: boolean;
};
