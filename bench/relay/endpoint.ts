import type { Moment } from './stamp.js';

/** One logged-in client that can write to one other. */
export interface Endpoint {
  /** Identity hash others send to. */
  readonly hash: string;
  /** Whom `send` writes to. */
  address(to: string): void;
  /** Sends one stamped body; the server's answer comes as `answered`. */
  send(sequence: number): void;
  /** Sends the acknowledgements that still wait for company. */
  acknowledge(): void;
  close(): Promise<void>;
}

/** What an endpoint tells; called once per frame, so they do little. */
export interface EndpointEvents {
  received(sequence: number, sentAt: Moment): void;
  /** @param refusal the server's error code, null when it took the message */
  answered(refusal: string | null): void;
  /** The connection ended before it was closed from here. */
  dropped(code: number): void;
}

export type EndpointOptions = {
  url: string;
  /** `signature`: work and the key's signature. `pow`: work alone, for a hash nobody owns. */
  auth: 'signature' | 'pow';
  /** `raw`: frames by hand. `sdk`: the project's own client. */
  client: 'raw' | 'sdk';
};
