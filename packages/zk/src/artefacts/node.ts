/**
 * Reads the artefacts from disk, in Node.
 *
 * @module
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { ARTEFACTS_FOLDER } from './folder.js';
import { type ArtefactName, type Manifest, readManifest } from './manifest.js';

export { ARTEFACTS_FOLDER };

/**
 * The manifest in a folder; that of this package if none is given. Rejects when there is none that can be read.
 * @param folder ends with a slash
 */
export async function loadManifest(folder: URL = ARTEFACTS_FOLDER): Promise<Manifest> {
  const file = new URL('manifest.json', folder);
  const manifest = readManifest(JSON.parse(await readFile(file, 'utf8')));
  if (manifest === undefined) throw new Error(`${file.pathname} is no manifest of artefacts`);
  return manifest;
}

/** The bytes of an artefact. Rejects when they are missing or are not those of the manifest. */
export async function loadArtefact(
  name: ArtefactName,
  manifest: Manifest,
  folder: URL = ARTEFACTS_FOLDER,
): Promise<Uint8Array> {
  const file = manifest.files[name];
  const path = new URL(file.name, folder);
  const bytes = new Uint8Array(await readFile(path));
  // By Node's own SHA-256: ours takes a fifth of a second for the proving key.
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (bytes.length !== file.bytes || sha256 !== file.sha256)
    throw new Error(`${path.pathname} is not what its manifest says`);
  return bytes;
}
