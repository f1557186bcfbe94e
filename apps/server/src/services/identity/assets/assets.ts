import { type ProvingAssets, REGISTRY_DEPTH } from '@blindpost/protocol/identity';
import { readArtefact, readManifest } from './artefacts.js';
import { Asset } from './asset.js';
import { circuitHash } from './circuit-hash.js';

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

  static load(): Assets {
    const { circuit, ceremony, files } = readManifest();
    const { wasm, zkey, verificationKey } = files;
    const key = readArtefact(zkey.name);
    const assets = [
      new Asset(wasm.name, 'application/wasm', readArtefact(wasm.name), true),
      new Asset(zkey.name, 'application/octet-stream', key, true),
      new Asset(verificationKey.name, 'application/json', readArtefact(verificationKey.name), true),
      // The one name that stays while what it tells of changes.
      new Asset(MANIFEST, 'application/json', readArtefact(MANIFEST), false),
    ];
    const described = {
      circuit,
      merkleDepth: REGISTRY_DEPTH,
      circuitHash: circuitHash(key),
      development: ceremony !== 'public',
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
