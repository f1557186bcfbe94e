import type * as wire from '@blindpost/protocol/e2ee';
import type { Native } from './bytes.js';

/** An envelope to be sent. Without a type it is a pairwise message, without a `clientMessageId` it gets one. */
export type OutgoingEnvelope = Native<wire.Send>;
/** An envelope as the server stores it. To its sender it shows status 0 and null times. */
export type Envelope = Native<wire.Envelope>;
/** An envelope for this account. `sequence` is of its queue; `senderId` is the server's word for who sent it. */
export type ReceivedEnvelope = Native<wire.PushedEnvelope>;
/** One sender key for each item, as an envelope of type 1. */
export type Distribution = Native<wire.Distribute>;
export type KeyUpload = Native<wire.KeyUpload>;
/** What is kept of the own keys. */
export type Bundle = Native<wire.Bundle>;
/** What a session is opened with; `oneTimePreKey` is null where none was asked for or none is left. */
export type PublicBundle = Native<wire.PublicBundle>;
export type PreKey = Native<wire.PreKey>;
export type { KeyStatus, Session, SessionRequest } from '@blindpost/protocol/e2ee';
