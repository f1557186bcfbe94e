import type { RelayFrame } from '@blindpost/protocol/relay';
import type { Addresses } from '../http/endpoint.js';
import type { State } from './connection.js';
import type { RelayError } from './errors.js';
import type { Identity } from './identity.js';
import type { MessageHandler } from './inbox.js';
import type { PresenceEvent } from './presence.js';
import type { Rate } from './rate.js';

interface RelayClientSettings {
  identity: Identity;
  /** Gets every message, one after the other; acknowledged when it resolves. Else use `messages()`. */
  onMessage?: MessageHandler;
  onPresence?: (event: PresenceEvent) => void;
  onState?: (state: State) => void;
  /** Told at every login. */
  onLogin?: (login: LoggedIn) => void;
  /** What no call could be rejected with: failed attempts to connect, nonsense frames, failed handlers. */
  onError?: (error: RelayError) => void;
  /** Unanswered frames kept; a call beyond rejects with `outbox_full`. Default 1,000. */
  outbox?: number;
  /** Messages waiting for the application, and ids remembered against duplicates. Default 10,000. */
  inbox?: number;
  /**
   * How fast frames leave; calls beyond wait in the outbox. Default 100 frames at once, 18 per second on: below
   * a relay with default limits. `false` for a relay without limits.
   */
  rate?: Rate | false;
  /** Sends dummy frames until 5 s after the last real one. Default false. */
  pacing?: boolean;
}

/** What the relay knew of this identity when it logged in. */
export interface LoggedIn {
  /** It has no bundle, or no one-time prekey left. */
  readonly keysMissing: boolean;
  /** It knew the session of an earlier login; one that it does not know is an hour old, or all is forgotten. */
  readonly resumed: boolean;
}

export type RelayClientOptions = Addresses & RelayClientSettings;

export interface SendOptions {
  /** A label of the sender's own, `[a-z0-9_]{1,32}`, instead of `msg`. */
  type?: string;
  /** This message is one part of a larger one; the recipient's body then holds these members beside `body`. */
  fragment?: Required<Pick<RelayFrame, 'fragmentId' | 'index' | 'total'>>;
  /** Gives up waiting; what was already sent may still arrive. */
  signal?: AbortSignal;
}

/** `delivered`: a live connection of the recipient took it. `queued`: it waits in the mailbox. */
export interface Sent {
  status: 'delivered' | 'queued';
  /** Counts this client's frames. */
  id: number;
}

/** One recipient of a multicast, and the label of its copy. */
export interface MulticastTarget {
  to: string;
  body: unknown;
  msg_type?: string;
}
