/**
 * Accounts, for Node and browsers: an {@link AccountKey}, {@link register} which opens its account for work, and
 * {@link AccountLogin}, the {@link TokenSource} that the SDKs of other services are given.
 *
 * @module
 */
export { AccountError, type AccountErrorCode, type LocalErrorCode } from './errors.js';
export { AccountKey } from './key.js';
export { type AccountAccess, AccountLogin } from './login.js';
export { type Registration, register } from './register.js';
export type { TokenSource } from './token-source.js';
