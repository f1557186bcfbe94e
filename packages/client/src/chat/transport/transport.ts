import type { PeerBundle } from '@blindpost/session';
import type { KeyUpload } from '../../e2ee/types.js';
import type { ServiceError } from '../../errors/service-error.js';
import type { KeyBundleParts } from '../../relay/rest.js';
import type { WireEvent } from '../message.js';

/** What an address says: the name that the chat keeps the peer under, and the identity it is to have. */
export interface PeerAddress {
  /** Hash of the identity, or id of the account. */
  readonly name: string;
  /** SHA-256 of the identity key as hex; null where the first one seen is trusted. */
  readonly hash: string | null;
}

/** A sealed message as it came. */
export interface Arrival {
  readonly sealed: Uint8Array;
  /** Account of the sender, by the server's word; null where the service has no accounts. */
  readonly account: string | null;
  /** Undefined for what came earlier and was held. */
  readonly trace?: Trace;
}

/** What the server saw of a sealed message. */
export type Trace = Omit<WireEvent, 'message'>;

/** What a transport tells the chat, and asks of it. */
export interface TransportListener {
  /** Resolves when the message is stored, or never can be read: the server may forget it. */
  receive(arrival: Arrival): Promise<void>;
  /** The server forgot what it was given before. */
  forgotten(): void;
  failed(error: ServiceError): void;
  state(state: string): void;
}

/** The own keys as services want them; whatever is handed out is in the store before. */
export interface KeySource {
  /** Whether the server is to be given keys again, given what it has been given before. */
  due(): Promise<boolean>;
  forRelay(): Promise<KeyBundleParts>;
  forE2ee(count: number): Promise<KeyUpload>;
  /** The server has them. */
  uploaded(): Promise<void>;
}

/** How sealed messages travel. */
export interface Transport {
  readonly via: 'relay' | 'e2ee';
  /** Own address, for others to write to. */
  readonly address: string;
  /** Own account; undefined where the service has none. */
  readonly account: string | undefined;
  /** The largest content that fits, in bytes before encryption. */
  readonly maxContent: number;
  /** @throws ChatError `bad_peer` */
  parse(address: string): PeerAddress;
  /** The address of a peer. */
  addressOf(name: string, hash: string | null): string;
  /** Resolves when connected for the first time and the own keys are published. */
  open(): Promise<void>;
  /** Rejects with `unknown_peer`, or with the service's error. */
  bundle(name: string): Promise<PeerBundle>;
  /** Resolves when the server has it. Sent again under one token it is known, where the service can. */
  transmit(name: string, sealed: Uint8Array, token: string): Promise<Trace>;
  close(): Promise<void>;
  /** Deletes everything the server keeps of this chat, and closes. */
  burn(): Promise<void>;
}

/** Bytes around a content: of the session's beginning, padding, seal. */
export const OVERHEAD = 3_072;

/** The first bytes of a sealed message, to be shown. */
export function headOf(sealed: Uint8Array): Uint8Array {
  return sealed.slice(0, 32);
}
