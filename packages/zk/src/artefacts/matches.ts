import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex } from '@noble/hashes/utils.js';
import type { ArtefactFile } from './manifest.js';

/**
 * Whether these bytes are the file that the manifest speaks of. Ask before using a download: a proving key of somebody
 * else's choice gives proofs that nobody accepts, and a witness program of theirs sees the secret.
 */
export function matches(file: ArtefactFile, bytes: Uint8Array): boolean {
  return bytes.length === file.bytes && bytesToHex(sha256(bytes)) === file.sha256;
}
