/**
 * The SDK of the e2ee transport, for Node and browsers: {@link E2eeClient} with a socket that stays connected, and
 * {@link E2eeHttp} where no socket is wanted. Ciphertext in, ciphertext out: encryption is the application's.
 *
 * @example
 * ```js
 * import { AccountKey, AccountLogin, register } from '@blindpost/client/accounts';
 * import { E2eeClient } from '@blindpost/client/e2ee';
 *
 * const url = 'http://127.0.0.1:8080';
 *
 * async function join(onEnvelope) {
 *   const key = AccountKey.create(); // keep key.secret: whoever has it is the account
 *   const accountId = await register({ url, key }); // pays by work
 *   const tokens = new AccountLogin({ url, accountId, key });
 *   const client = new E2eeClient({ url, tokens, onEnvelope });
 *   await client.open();
 *   return { accountId, client };
 * }
 *
 * const anna = await join();
 * const ben = await join(async ({ sequence, senderId, ciphertext }) => {
 *   console.log(sequence, senderId, new TextDecoder().decode(ciphertext));
 * }); // acknowledged when the handler resolves, given to it again when it throws
 *
 * const ciphertext = new TextEncoder().encode('encrypt me first');
 * const { id } = await anna.client.send({ recipientId: ben.accountId, ciphertext }); // on disk now
 * console.log('stored as', id);
 * ```
 *
 * @module
 */
export type { TokenSource } from '../accounts/token-source.js';
export { E2eeClient, type E2eeClientOptions } from './client.js';
export type { State } from './connection.js';
export { E2eeError, type E2eeErrorCode, type LocalErrorCode } from './errors.js';
export {
  type AckSelection,
  type CallOptions,
  type E2eeAccess,
  E2eeHttp,
  type PendingOptions,
  type PendingPage,
} from './http.js';
export type { EnvelopeHandler } from './inbox.js';
export type { PreKeyMaker, PreKeyNeed } from './refill.js';
export type {
  Bundle,
  Distribution,
  Envelope,
  KeyStatus,
  KeyUpload,
  OutgoingEnvelope,
  PreKey,
  PublicBundle,
  ReceivedEnvelope,
  Session,
  SessionRequest,
} from './types.js';
