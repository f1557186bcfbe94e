/**
 * Contexts: what a nullifier is for. One conversion for server, SDK and command line.
 *
 * @module
 */
export { toField } from './to-field.js';
