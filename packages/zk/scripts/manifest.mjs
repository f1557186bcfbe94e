/** Writes down what the published files are, so that whoever downloads them can tell. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const NOTES = {
  development:
    'Made on one machine for development and tests: whoever made these keys could have kept what proves anything. Make your own before you rely on proofs.',
  public: 'Made by independent contributors on a public phase 1; see transcript.json.',
};

/**
 * @param {{ circuit: string, ceremony: 'development' | 'public', key: string, r1cs: object }} made `key` is the name
 *   of the proving key, `r1cs` describes the constraints, which are not published but compared with what compiles
 */
export function writeManifest(folder, { circuit, ceremony, key, r1cs }) {
  const manifest = {
    circuit,
    ceremony,
    note: NOTES[ceremony],
    r1cs,
    files: {
      wasm: describe(folder, `${circuit}.wasm`),
      zkey: describe(folder, key),
      verificationKey: describe(folder, 'verification_key.json'),
    },
  };
  writeFileSync(join(folder, 'manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`);
}

/** What a file is: its name, its size in bytes, and its SHA-256 in hex. */
export function describe(folder, name) {
  const bytes = readFileSync(join(folder, name));
  return { name, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}
