/** A code that somebody has paid for, on its way to whoever honours it. */
export interface Redemption {
  readonly id: Uint8Array;
  /** 32 lower-case hex digits. Whoever knows it can spend it. */
  readonly code: string;
  /** What it is worth, in the gateway's whole units. */
  readonly quota: number;
  readonly createdAtMs: number;
}

/** What is known of one try. `reason` is a name such as `ECONNREFUSED`; no code and no secret is in it. */
export type Delivery =
  | { readonly outcome: 'delivered' }
  /** This try has stored nothing. */
  | { readonly outcome: 'refused'; readonly reason: string }
  /** It may have: the answer was late or lost. */
  | { readonly outcome: 'unknown'; readonly reason: string };

/**
 * Where codes go. A code that is delivered again, by whatever server, is `delivered` and counts once. Nothing
 * rejects: what goes wrong is an outcome.
 */
export interface RedemptionSink {
  deliver(redemption: Redemption): Promise<Delivery>;
  /** Whether the last try was delivered. */
  healthy(): boolean;
  /** Ends after the tries under way. */
  close(): Promise<void>;
}
