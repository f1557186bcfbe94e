/**
 * The artefacts of the circuit: what they are, and whether some bytes are them.
 *
 * @module
 */
export { circuitHash } from './circuit-hash.js';
export {
  ARTEFACT_NAMES,
  type ArtefactFile,
  type ArtefactName,
  type Manifest,
  readManifest,
} from './manifest.js';
export { matches } from './matches.js';
