import { loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { readBytes, readJson } from './file.js';

/** What to prove with: files that were named, else what is installed here. Nothing is fetched. */
export async function proverArtefacts({ wasm, zkey }: { wasm?: string; zkey?: string }) {
  return { wasm: await artefact('wasm', wasm), zkey: await artefact('zkey', zkey) };
}

/** The key to verify with: a file that was named, else that which is installed here. */
export async function verificationKey(path?: string): Promise<unknown> {
  if (path !== undefined) return readJson(path);
  return JSON.parse(new TextDecoder().decode(await artefact('verificationKey')));
}

/** How far the installed keys can be relied on. */
export async function ceremony(): Promise<string> {
  return (await loadManifest()).ceremony;
}

async function artefact(name: 'wasm' | 'zkey' | 'verificationKey', path?: string): Promise<Uint8Array> {
  return path === undefined ? loadArtefact(name, await loadManifest()) : readBytes(path);
}
