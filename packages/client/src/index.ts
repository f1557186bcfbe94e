/**
 * The Blindpost SDK, for Node and browsers: a {@link Blindpost} for each server.
 *
 * @example
 * ```js
 * import { Blindpost } from '@blindpost/client';
 *
 * const url = 'http://127.0.0.1:8080';
 * const anna = new Blindpost({ url });
 * const ben = new Blindpost({ url });
 * const [a, b] = await Promise.all([anna.chat(), ben.chat()]);
 *
 * b.onMessage(({ from, text }) => console.log(from, text));
 * await a.send(b.address, 'hello, Ben');
 * ```
 *
 * @module
 */
export { Blindpost, type OpenChat } from './blindpost.js';
export type { Chat, HistoryOptions, PeerInfo } from './chat/chat.js';
export type { ChatErrorCode } from './chat/errors.js';
export type { MessageHandler } from './chat/inbox.js';
export type { ChatMessage, MessageState, StateChange, WireEvent } from './chat/message.js';
export { ServiceError } from './errors/service-error.js';
export type { E2eeMember, E2eeOptions } from './services/e2ee.js';
export type { IdentityOptions } from './services/identity.js';
export type { PoolOptions } from './services/pool.js';
export type { RelayOptions } from './services/relay.js';
export { MemoryStore } from './stores/memory.js';
export {
  type Change,
  type ChatStore,
  type Entry,
  type ListOptions,
  StoreError,
  type StoreErrorCode,
} from './stores/store.js';
