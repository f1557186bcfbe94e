import type { Outbox } from './outbox.js';
import { encodeFrame } from './padding.js';

/** Somebody asks to see this identity's presence, or one who allowed it tells theirs. */
export type PresenceEvent =
  | { kind: 'request'; from: string }
  | { kind: 'update'; from: string; status: string };

/**
 * Who may see whether this identity is there. Unsealed by nature: the relay learns who asks whom. Every verb
 * settles when the relay has taken it, and answers the same whether the peer exists or not.
 */
export class Presence {
  readonly #outbox: Outbox;

  constructor(outbox: Outbox) {
    this.#outbox = outbox;
  }

  /** Asks `to` (an identity hash) to be allowed. */
  subscribe(to: string): Promise<void> {
    return this.#ask({ type: 'presence_subscribe', to });
  }

  /** Lets `to` see this identity's updates. */
  allow(to: string): Promise<void> {
    return this.#ask({ type: 'presence_allow', to });
  }

  /** Takes back what was allowed. */
  deny(to: string): Promise<void> {
    return this.#ask({ type: 'presence_deny', to });
  }

  /** Tells `status` (at most 64 characters) to the live peers allowed, or only to those of them in `to`. */
  update(status: string, to?: readonly string[]): Promise<void> {
    return this.#ask({ type: 'presence_update', status, ...(to === undefined ? {} : { to }) }, to?.length);
  }

  async #ask(members: object, cost = 1): Promise<void> {
    const id = this.#outbox.nextId();
    await this.#outbox.add({ id, frame: encodeFrame({ ...members, id }), expects: 'presence_ok', cost });
  }
}
