/**
 * Carries hints between instances; the store stays the truth, so a lost hint costs time, never a message.
 * Adapters: `memory` (one process), `redis` (sharded pub/sub) and `postgres` (LISTEN/NOTIFY). One contract
 * test runs on all.
 */
export interface Bus {
  /**
   * Tells every subscriber of `topic`, this instance's included.
   * Answers how many instances are known to have listened at that moment: on PostgreSQL, which does not tell
   * of others, only whether this one did. Rejects with `Unavailable` when the bus is down.
   */
  publish(topic: string, hint: Buffer): Promise<number>;
  /**
   * Listens until the answered function is called. After a dropped connection the adapter subscribes
   * again by itself and then calls `onGap`, because hints may have passed unheard.
   */
  subscribe(topic: string, listener: BusListener): Promise<() => Promise<void>>;
  /** Whether hints flow at this moment. */
  healthy(): boolean;
  close(): Promise<void>;
}

export interface BusListener {
  onHint(hint: Buffer): void;
  onGap(): void;
}
