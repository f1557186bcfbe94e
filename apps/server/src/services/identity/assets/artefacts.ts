import { readFileSync } from 'node:fs';

/** Where the circuit's published files are. */
const FOLDER = new URL('./', import.meta.resolve('@blindpost/zk/artefacts/manifest.json'));

/** What the manifest says of the files; the package's own tests hold them against it. */
export type Manifest = {
  circuit: string;
  ceremony: 'development' | 'public';
  files: Record<'wasm' | 'zkey' | 'verificationKey', { name: string; bytes: number; sha256: string }>;
};

/** @param name of a file, or of the manifest itself */
export function readArtefact(name: string): Buffer {
  return readFileSync(new URL(name, FOLDER));
}

export function readManifest(): Manifest {
  return JSON.parse(readArtefact('manifest.json').toString());
}
