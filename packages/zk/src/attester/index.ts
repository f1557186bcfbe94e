/**
 * What an attester signs, and what the registry keeps of it.
 *
 * @module
 */
export { attesterLeaf } from './leaf.js';
export { attestedMessage } from './message.js';
export { possessionMessage } from './possession.js';
