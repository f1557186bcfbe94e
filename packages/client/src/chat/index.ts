/**
 * Chats on encrypted sessions, for Node and browsers: {@link Chat} sends text end to end encrypted over the relay or
 * the e2ee transport and keeps what must not be lost in a {@link ChatStore}.
 *
 * @module
 */

export { MemoryStore } from '../stores/memory.js';
export {
  type Change,
  type ChatStore,
  type Entry,
  type ListOptions,
  StoreError,
  type StoreErrorCode,
} from '../stores/store.js';
export { Chat, type ChatOptions, type HistoryOptions, type PeerInfo } from './chat.js';
export { ChatError, type ChatErrorCode, type LocalErrorCode } from './errors.js';
export type { MessageHandler } from './inbox.js';
export type { ChatMessage, MessageState, StateChange, WireEvent } from './message.js';
