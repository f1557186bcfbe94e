import {
  type ArtefactFile,
  type ArtefactName,
  type Manifest,
  matches,
  readManifest,
} from '@blindpost/zk/artefacts';
import type { ProverArtefacts } from '@blindpost/zk/prover';
import { endpoint } from '../http/endpoint.js';
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

export interface AssetsOptions {
  manifest?: Manifest | undefined;
  folder?: string | undefined;
}

type Described = { manifest: Manifest; urls: Record<ArtefactName, string> };
/** What a prover needs. */
const NEEDED = ['wasm', 'zkey'] as const;
/** Bytes of a file. */
type Loading = { loaded: number; total: number };

/**
 * The proving assets of a server: fetched once, held against the manifest, kept. A browser keeps them longer by
 * itself, as they are served as immutable.
 */
export class Assets implements ArtefactSource {
  readonly #http: IdentityHttp;
  readonly #pinned: Manifest | undefined;
  readonly #folder: URL | undefined;
  #described: Promise<Described> | undefined;
  readonly #files = new Map<ArtefactName, Promise<Uint8Array>>();
  readonly #loading = new Map<ArtefactName, Loading>();
  readonly #watchers = new Set<() => void>();

  /**
   * @param options `manifest`: what the files must be, else the server's own is believed; `folder`: where they lie,
   * else where the server says
   * @throws TypeError when the folder is no http(s) URL
   */
  constructor(http: IdentityHttp, { manifest, folder }: AssetsOptions = {}) {
    this.#http = http;
    this.#pinned = manifest;
    this.#folder = folder === undefined ? undefined : endpoint(folder, '').base;
  }

  async load(signal?: AbortSignal, tell?: (loaded: number, total: number) => void): Promise<ProverArtefacts> {
    const watch = () => {
      const parts = NEEDED.flatMap((name) => this.#loading.get(name) ?? []);
      const sum = (of: keyof Loading) => parts.reduce((all, part) => all + part[of], 0);
      tell?.(sum('loaded'), sum('total'));
    };
    this.#watchers.add(watch);
    try {
      const [wasm, zkey] = await unlessAborted(Promise.all([this.#file('wasm'), this.#file('zkey')]), signal);
      return { wasm, zkey };
    } finally {
      this.#watchers.delete(watch);
    }
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
    const tell = (loaded: number) => {
      this.#loading.set(name, { loaded, total: file.bytes });
      for (const watch of this.#watchers) watch();
    };
    tell(0);
    const bytes = await insist(() => download(new URL(urls[name]), file, tell), PATIENCE);
    if (!matches(file, bytes)) throw localError('bad_assets', { field: file.name });
    return bytes;
  }

  async #describe(): Promise<Described> {
    const folder = this.#folder;
    if (folder !== undefined) {
      const manifest = this.#pinned ?? (await fetchManifest(new URL('manifest.json', folder)));
      const { wasm, zkey, verificationKey } = manifest.files;
      const urlOf = ({ name }: ArtefactFile) => new URL(name, folder).href;
      return {
        manifest,
        urls: { wasm: urlOf(wasm), zkey: urlOf(zkey), verificationKey: urlOf(verificationKey) },
      };
    }
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
async function download(
  url: URL,
  { name, bytes: size }: ArtefactFile,
  tell: (loaded: number) => void,
): Promise<Uint8Array> {
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
      tell(filled);
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
