/**
 * What an entity keeps, and what it shows of it.
 *
 * @module
 */
export { commitmentOf } from './commitment.js';
export { nullifierOf } from './nullifier.js';
export { type EntitySecrets, randomSecrets, secretsFromHex } from './secrets.js';
