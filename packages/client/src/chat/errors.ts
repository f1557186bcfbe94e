import type { ErrorCode } from '@blindpost/protocol/errors';
import { ErrorKit } from '../errors/error-kit.js';
import { ServiceError } from '../errors/service-error.js';

/** Refusals of the chat itself; none of them comes from the server. */
const LOCAL_ERRORS = {
  unreachable: 'The server cannot be reached.',
  bad_answer: 'The server answered something that is not the protocol.',
  bad_peer: 'This is no address of a peer.',
  unknown_peer: 'The server has no keys of this peer.',
  bad_bundle: 'The keys that the server has of this peer are not its own, or make no session.',
  identity_changed: 'The peer has another identity key than before; trust(peer) accepts it.',
  too_large: 'The message is longer than the service carries.',
  outbox_full: 'The outbox is full; wait until earlier messages are sent.',
  too_many_peers: 'There are as many peers as are kept.',
  bad_message: 'A message came that cannot be read; it is dropped.',
  handler_failed: 'The message handler failed; the message is given to it again.',
  not_sent: 'The server refused a message for good.',
  renewal_failed: 'A session that was lost could not be renewed.',
  keys_failed: 'The own keys could not be uploaded.',
  store_in_use: 'Another chat of this program uses the store.',
  wrong_store: 'The store is of a chat by the other service.',
  closed: 'The chat is closed.',
} as const satisfies Record<string, string>;

export type LocalErrorCode = keyof typeof LOCAL_ERRORS;
export type ChatErrorCode = ErrorCode | LocalErrorCode;

/** The error type of chats. Branch on `code`; `details.peer` names the peer where there is one. */
export class ChatError extends ServiceError<ChatErrorCode> {
  override readonly name = 'ChatError';
}

export const { local: localError } = new ErrorKit(ChatError, LOCAL_ERRORS);
