import type { ProvingAssets } from '@blindpost/protocol/identity';
import {
  type ArtefactFile,
  type ArtefactName,
  type Manifest,
  matches,
  readManifest,
} from '@blindpost/zk/artefacts';
import type { ProverArtefacts } from '@blindpost/zk/prover';
import { exchange } from '../http/exchange.js';
import { insist } from '../retry/insist.js';
import type { ArtefactSource } from './entity.js';
import { ERRORS, IdentityError, localError } from './errors.js';
import type { IdentityHttp } from './http.js';

/** Some seconds between the attempts, in all. */
const PATIENCE = { tries: 4, patienceMs: 30_000 };
/** For some megabytes over a bad line. */
const TIMEOUT_MS = 300_000;
/** Whatever a manifest says: ten times what the circuit's largest file has. */
const LARGEST_BYTES = 64 * 1024 * 1024;

/**
 * The proving assets of a server: fetched once, held against the manifest, kept. A browser keeps them longer by
 * itself, as they are served as immutable.
 */
export class Assets implements ArtefactSource {
  readonly #http: IdentityHttp;
  readonly #pinned: Manifest | undefined;
  #described: Promise<{ manifest: Manifest; urls: ProvingAssets['assets'] }> | undefined;
  readonly #files = new Map<ArtefactName, Promise<Uint8Array>>();

  /** @param pinned what the files must be; else the server's own manifest is believed */
  constructor(http: IdentityHttp, pinned?: Manifest) {
    this.#http = http;
    this.#pinned = pinned;
  }

  async load(signal?: AbortSignal): Promise<ProverArtefacts> {
    const [wasm, zkey] = await unlessAborted(Promise.all([this.#file('wasm'), this.#file('zkey')]), signal);
    return { wasm, zkey };
  }

  /** What proofs verify with, as parsed JSON. */
  async verificationKey(signal?: AbortSignal): Promise<unknown> {
    const bytes = await unlessAborted(this.#file('verificationKey'), signal);
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  /** Whoever asks meanwhile waits for the same; what failed is fetched anew. */
  #file(name: ArtefactName): Promise<Uint8Array> {
    const known = this.#files.get(name);
    if (known !== undefined) return known;
    const file = this.#fetch(name);
    this.#files.set(name, file);
    file.catch(() => {
      this.#files.delete(name);
      this.#described = undefined;
    });
    return file;
  }

  async #fetch(name: ArtefactName): Promise<Uint8Array> {
    this.#described ??= this.#describe();
    const { manifest, urls } = await this.#described;
    const file = manifest.files[name];
    const bytes = await insist(() => download(new URL(urls[name]), file), PATIENCE);
    if (!matches(file, bytes)) throw localError('bad_assets', { field: file.name });
    return bytes;
  }

  async #describe() {
    const { assets: urls } = await insist(() => this.#http.provingAssets(), PATIENCE);
    const manifest = this.#pinned ?? (await fetchManifest(new URL(urls.manifest)));
    return { manifest, urls };
  }
}

async function fetchManifest(url: URL): Promise<Manifest> {
  const manifest = readManifest(await insist(() => exchange(url, {}, ERRORS), PATIENCE));
  if (manifest === undefined) throw localError('bad_assets', { field: 'manifest' });
  return manifest;
}

/** The body of an answer, no more of it than the file has. */
async function download(url: URL, { name, bytes: size }: ArtefactFile): Promise<Uint8Array> {
  if (size > LARGEST_BYTES) throw localError('bad_assets', { field: name });
  const bytes = new Uint8Array(size);
  let filled = 0;
  try {
    const response = await fetch(url, { credentials: 'omit', signal: AbortSignal.timeout(TIMEOUT_MS) });
    if (!response.ok) throw localError('bad_answer', { status: response.status });
    if (response.body === null) return bytes.subarray(0, 0);
    // Not every browser iterates over a stream.
    const reader = response.body.getReader();
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      if (filled + part.value.length > size) {
        await reader.cancel();
        throw localError('bad_assets', { field: name });
      }
      bytes.set(part.value, filled);
      filled += part.value.length;
    }
  } catch (error) {
    throw error instanceof IdentityError ? error : localError('unreachable', {}, error);
  }
  return bytes.subarray(0, filled);
}

/** Leaves what is awaited to go on for others. */
function unlessAborted<T>(awaited: Promise<T>, signal?: AbortSignal): Promise<T> {
  if (signal === undefined) return awaited;
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.throwIfAborted();
    signal.addEventListener('abort', abort, { once: true });
    awaited.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
