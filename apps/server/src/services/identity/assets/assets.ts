import { readFile } from 'node:fs/promises';
import { type ProvingAssets, REGISTRY_DEPTH } from '@blindpost/protocol/identity';
import { circuitHash } from '@blindpost/zk/artefacts';
import { ARTEFACTS_FOLDER, loadArtefact, loadManifest } from '@blindpost/zk/artefacts/node';
import { Asset } from '../../../platform/http/asset.js';
import { StartRefused } from '../../../platform/start-refused.js';

const PATH = '/assets/';
const MANIFEST = 'manifest.json';

type Described = Omit<ProvingAssets, 'assets'>;
type Names = Record<keyof ProvingAssets['assets'], string>;

/** What a prover needs, served from here or from wherever the operator has put it. */
export class Assets {
  readonly #assets: ReadonlyMap<string, Asset>;
  readonly #described: Described;
  readonly #names: Names;

  private constructor(assets: readonly Asset[], described: Described, names: Names) {
    this.#assets = new Map(assets.map((asset) => [asset.name, asset]));
    this.#described = described;
    this.#names = names;
  }

  /** Rejects with `StartRefused` when a file is missing, or is not what the manifest says. */
  static async load(): Promise<Assets> {
    return Assets.#read().catch((error: unknown) => {
      const reason = error instanceof Error ? error.message : String(error);
      throw new StartRefused(`the proving assets cannot be used: ${reason}`, { cause: error });
    });
  }

  static async #read(): Promise<Assets> {
    const manifest = await loadManifest();
    const { wasm, zkey, verificationKey } = manifest.files;
    const [program, key, verification] = await Promise.all([
      loadArtefact('wasm', manifest),
      loadArtefact('zkey', manifest),
      loadArtefact('verificationKey', manifest),
    ]);
    const hash = circuitHash(key);
    if (hash === undefined) throw new Error(`${zkey.name} is no proving key`);
    const assets = [
      new Asset(wasm.name, 'application/wasm', program, true),
      new Asset(zkey.name, 'application/octet-stream', key, true),
      new Asset(verificationKey.name, 'application/json', verification, true),
      // The one name that stays while what it tells of changes.
      new Asset(MANIFEST, 'application/json', await readFile(new URL(MANIFEST, ARTEFACTS_FOLDER)), false),
    ];
    const described = {
      circuit: manifest.circuit,
      merkleDepth: REGISTRY_DEPTH,
      circuitHash: hash,
      development: manifest.ceremony !== 'public',
    } as const;
    const names = {
      wasm: wasm.name,
      zkey: zkey.name,
      verificationKey: verificationKey.name,
      manifest: MANIFEST,
    };
    return new Assets(assets, described, names);
  }

  get(name: string): Asset | undefined {
    return this.#assets.get(name);
  }

  /** @param base scheme and host, without the slash */
  describe(base: string): ProvingAssets {
    const url = (name: string) => `${base}${PATH}${name}`;
    const { wasm, zkey, verificationKey, manifest } = this.#names;
    const assets = {
      wasm: url(wasm),
      zkey: url(zkey),
      verificationKey: url(verificationKey),
      manifest: url(manifest),
    };
    return { ...this.#described, assets };
  }
}
