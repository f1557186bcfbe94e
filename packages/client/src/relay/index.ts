/**
 * The relay's SDK, for Node and browsers: an {@link Identity}, a {@link RelayClient} with a socket that stays
 * connected, and {@link RelayHttp} where no socket is wanted.
 *
 * @module
 */
export { RelayClient } from './client.js';
export type { State } from './connection.js';
export { type LocalErrorCode, RelayError, type RelayErrorCode } from './errors.js';
export { Identity } from './identity.js';
export type { MessageHandler } from './inbox.js';
export type { Message } from './message.js';
export type { LoggedIn, MulticastTarget, RelayClientOptions, SendOptions, Sent } from './options.js';
export type { PresenceEvent } from './presence.js';
export type { Rate } from './rate.js';
export { type KeyBundleParts, RelayHttp, type Target } from './rest.js';
